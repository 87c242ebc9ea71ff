package access_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/rihla/rihla/internal/access"
	"github.com/rihla/rihla/internal/store"
	"github.com/rihla/rihla/internal/store/storetest"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// watch is a clock that a test turns.
type watch struct {
	mu  sync.Mutex
	now time.Time
}

func newWatch() *watch { return &watch{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)} }

func (w *watch) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *watch) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func door(t *testing.T, st *store.Store, w *watch) *access.Access {
	t.Helper()
	a, err := access.Open(t.Context(), st, access.Options{Clock: w.Now})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func request(set func(*http.Request)) *http.Request {
	r := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/api/v1/flights", nil)
	set(r)
	return r
}

func bearer(key string) *http.Request {
	return request(func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+key) })
}

func TestAKeyWorksAtOnceOnEveryNodeUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	storetest.EachFaulty(t, func(t *testing.T, open func() *store.Store) {
		w := newWatch()
		a, b := door(t, open(), w), door(t, open(), w)
		if _, err := b.Authenticate(t.Context(), bearer("rk_unknown")); !errors.Is(err, access.ErrBadCredential) {
			t.Fatal(err)
		}
		key, err := a.CreateKey(t.Context(), "command line", access.NewKey{Role: access.Filer, Name: "Zed Air", Carriers: []string{"ZZ", "YY"}})
		if err != nil {
			t.Fatal(err)
		}
		want := access.Principal{Name: "Zed Air", Role: access.Filer, Carriers: []string{"ZZ", "YY"}, Kind: access.Key}
		basic := request(func(r *http.Request) { r.SetBasicAuth("whoever", key) })
		for _, r := range []*http.Request{bearer(key), bearer(key), basic} {
			got, err := b.Authenticate(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(access.Principal{}, "ID")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		list, err := a.Keys(t.Context())
		if err != nil || len(list) != 1 || list[0].Name != "Zed Air" {
			t.Fatal(list, err)
		}
		if err := a.RevokeKey(t.Context(), "somebody", list[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := a.RevokeKey(t.Context(), "somebody", list[0].ID); !errors.Is(err, access.ErrUnknown) {
			t.Error(err)
		}
		if _, err := a.Authenticate(t.Context(), bearer(key)); !errors.Is(err, access.ErrBadCredential) {
			t.Error(err)
		}
		w.pass(time.Second)
		if _, err := b.Authenticate(t.Context(), bearer(key)); !errors.Is(err, access.ErrBadCredential) {
			t.Error(err)
		}
	})
}

func TestASessionLastsAShiftAndEndsWhenNobodyUsesIt(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func() *store.Store) {
		w := newWatch()
		a, b := door(t, open(), w), door(t, open(), w)
		if err := a.CreateAccount(t.Context(), "command line", access.NewAccount{Name: "amal", Role: access.Analyst, Password: "a long password"}); err != nil {
			t.Fatal(err)
		}
		signIn := func() (r *http.Request) {
			t.Helper()
			s, err := a.SignIn(t.Context(), request(func(*http.Request) {}), "amal", "a long password")
			if err != nil {
				t.Fatal(err)
			}
			cookie := a.Cookie(s, false)
			if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode {
				t.Error(cookie)
			}
			return request(func(r *http.Request) { r.AddCookie(cookie) })
		}
		known := func(a *access.Access, r *http.Request, want bool) {
			t.Helper()
			p, err := a.Authenticate(t.Context(), r)
			if (err == nil) != want || (want && !p.Is(access.Supervisor, access.Analyst)) {
				t.Errorf("%+v %v", p, err)
			}
		}
		used := signIn()
		unused := signIn()
		if !a.BySession(used) || a.BySession(bearer("x")) {
			t.Error("told a session from a key wrongly")
		}
		for range 23 { // half an hour each
			known(b, used, true)
			w.pass(30 * time.Minute)
		}
		known(b, unused, false)
		known(a, used, true) // the other node saw it used
		w.pass(31 * time.Minute)
		known(a, used, false)
		known(b, used, false)

		out := signIn()
		known(a, out, true)
		known(b, out, true)
		if err := b.SignOut(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		known(b, out, false)
		w.pass(time.Second)
		known(a, out, false)

		changed := signIn()
		if err := a.SetPassword(t.Context(), "amal", "amal", "another password"); err != nil {
			t.Fatal(err)
		}
		known(a, changed, false)
		if _, err := a.SignIn(t.Context(), changed, "amal", "a long password"); !errors.Is(err, access.ErrBadCredential) {
			t.Error(err)
		}
		if err := a.DisableAccount(t.Context(), "admin", "amal"); err != nil {
			t.Fatal(err)
		}
		if _, err := a.SignIn(t.Context(), changed, "amal", "another password"); !errors.Is(err, access.ErrBadCredential) {
			t.Error(err)
		}
		list, err := a.Accounts(t.Context())
		if err != nil || len(list) != 1 || list[0].Disabled.IsZero() {
			t.Error(list, err)
		}
	})
}

func TestWrongGuessesAreBoundedAndRightOnesAreNot(t *testing.T) {
	t.Parallel()
	w := newWatch()
	a := door(t, storetest.SQLite(t), w)
	if err := a.CreateAccount(t.Context(), "", access.NewAccount{Name: "amal", Role: access.Analyst, Password: "a long password"}); err != nil {
		t.Fatal(err)
	}
	try := func(name, password string) error {
		_, err := a.SignIn(t.Context(), request(func(*http.Request) {}), name, password)
		return err
	}
	for range 6 {
		if err := try("amal", "a long password"); err != nil {
			t.Fatal(err)
		}
	}
	for range 5 {
		if err := try("amal", "a guess"); !errors.Is(err, access.ErrBadCredential) {
			t.Fatal(err)
		}
	}
	if err := try("amal", "a long password"); !errors.Is(err, access.ErrTooMany) {
		t.Error(err)
	}
	if err := try("nobody", "a guess"); !errors.Is(err, access.ErrBadCredential) {
		t.Error(err)
	}
	w.pass(time.Minute)
	if err := try("amal", "a long password"); err != nil {
		t.Error(err)
	}
}

func TestNobodyIsNobody(t *testing.T) {
	t.Parallel()
	a := door(t, storetest.SQLite(t), newWatch())
	for name, test := range map[string]struct {
		set  func(*http.Request)
		want error
	}{
		"nothing":        {func(*http.Request) {}, access.ErrNoCredential},
		"an empty key":   {func(r *http.Request) { r.Header.Set("Authorization", "Bearer ") }, access.ErrBadCredential},
		"another scheme": {func(r *http.Request) { r.Header.Set("Authorization", "Digest x") }, access.ErrBadCredential},
		"an old cookie":  {func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "rihla_session", Value: "rs_x"}) }, access.ErrBadCredential},
		"another cookie": {func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "other", Value: "x"}) }, access.ErrNoCredential},
	} {
		if _, err := a.Authenticate(t.Context(), request(test.set)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	a := door(t, storetest.SQLite(t), newWatch())
	account := func(name string, role access.Role, password string) error {
		return a.CreateAccount(t.Context(), "", access.NewAccount{Name: name, Role: role, Password: password})
	}
	if err := account("amal", access.Analyst, "a long password"); err != nil {
		t.Fatal(err)
	}
	_, badRole := a.CreateKey(t.Context(), "", access.NewKey{Role: "king", Name: "x"})
	_, badName := a.CreateKey(t.Context(), "", access.NewKey{Role: access.Filer, Name: "x\n"})
	for name, test := range map[string]struct{ got, want error }{
		"a key's role":          {badRole, access.ErrUnknownRole},
		"a key's name":          {badName, access.ErrBadName},
		"an account twice":      {account("amal", access.Analyst, "a long password"), access.ErrExists},
		"an account's role":     {account("badr", "", "a long password"), access.ErrUnknownRole},
		"an account's name":     {account(" badr", access.Analyst, "a long password"), access.ErrBadName},
		"an account's password": {account("badr", access.Analyst, "short"), access.ErrWeakPassword},
		"an unknown account":    {a.DisableAccount(t.Context(), "", "badr"), access.ErrUnknown},
	} {
		if !errors.Is(test.got, test.want) {
			t.Errorf("%s: %v", name, test.got)
		}
	}
}

func TestALimiterForgetsAndStaysBounded(t *testing.T) {
	t.Parallel()
	w := newWatch()
	l := access.NewLimiter(time.Second, 2, w.Now)
	for i, want := range []bool{true, true, false} {
		if got := l.Allow("a"); got != want {
			t.Errorf("try %d: %v", i, got)
		}
	}
	if !l.Allow("b") {
		t.Error("b paid for a")
	}
	w.pass(time.Second)
	if !l.AllowFrom(request(func(r *http.Request) { r.RemoteAddr = "192.0.2.1:99" })) || !l.Allow("a") || l.Allow("a") {
		t.Error("the allowance did not come back as it should")
	}
}

func BenchmarkAuthenticate(b *testing.B) {
	st := storetest.SQLite(b)
	a, err := access.Open(b.Context(), st, access.Options{})
	if err != nil {
		b.Fatal(err)
	}
	key, err := a.CreateKey(b.Context(), "", access.NewKey{Role: access.Filer, Name: "x"})
	if err != nil {
		b.Fatal(err)
	}
	r := bearer(key)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Authenticate(b.Context(), r); err != nil {
			b.Fatal(err)
		}
	}
}
