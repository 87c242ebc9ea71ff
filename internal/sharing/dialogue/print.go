package dialogue

import (
	"net/http"

	"github.com/rihla/rihla/internal/api"
)

func (r *Room) print(w http.ResponseWriter, req *http.Request) {
	api.WriteProblem(w, req, api.Errorf(api.Unavailable, "not yet"))
}
