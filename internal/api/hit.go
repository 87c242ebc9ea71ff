package api

// Hit is one thing a search found, and where the web app shows it.
type Hit struct {
	Kind   string `json:"kind"` // passenger, flight, case, report
	ID     string `json:"id"`
	Title  string `json:"title"`
	Detail string `json:"detail,omitempty"`
	Path   string `json:"path,omitempty"`
}
