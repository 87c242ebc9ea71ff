package matching

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"github.com/rihla/rihla/internal/screening/names"
)

// probes are invented people on whom two implementations of one profile must agree: whatever reads names stands in them.
var probes = []names.Person{
	{Names: []names.Name{{Surname: "AL-SAMPLE", Given: "YUSUF"}}, Births: []string{"1984-07-12"}, Documents: []names.Document{{Type: "P", Number: "t-0099881", Country: "JO"}}},
	{Names: []names.Name{{Surname: "EXAMPLE", Given: "SAMI"}}, Births: []string{"1979-11-30"}},
	{Names: []names.Name{{Full: "عبد الرحمن بن صالح الغامدي"}}, Births: []string{"1980-04-03"}},
	{Names: []names.Name{{Surname: "ALGHAMDI", Given: "ABDERRAHMANE SALIHMR"}}, Births: []string{"1980"}},
	{Names: []names.Name{{Full: "Анатолий Борисович Ветрогонов"}}, Births: []string{"~1968"}},
	{Names: []names.Name{{Surname: "ÖZTÜRK-MUSTER", Given: "Jürgen Þór"}}, Births: []string{"1966-02-28"}},
	{Names: []names.Name{{Surname: "박", Given: "지훈"}, {Full: "王小明"}}, Births: []string{"1990-01-01"}},
	{Names: []names.Name{{Full: "Nuruddin van der Zahl", Weak: true}}, Births: []string{"1971/1973"}, Countries: []string{"NLD"}, Documents: []names.Document{{Number: "NX1234567"}}},
}

// Digest says by which rules this build makes keys. Two sides whose digests differ make other keys of the same people
// and would miss what they should find: they do not match privately until one of them is brought up to date.
var Digest = sync.OnceValue(func() string {
	h := sha256.New()
	for i := range probes {
		for _, keys := range [][]Key{Asked(&probes[i], Scope{Years: true}), Listed(&probes[i], Scope{Years: true})} {
			for _, k := range keys {
				h.Write([]byte(k))
				h.Write([]byte{'\n'})
			}
			h.Write([]byte{'\n'})
		}
	}
	return Profile + ":" + hex.EncodeToString(h.Sum(nil)[:16])
})
