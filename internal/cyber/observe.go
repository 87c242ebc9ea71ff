package cyber

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/rihla/rihla/formats/jsondoc"
	"github.com/rihla/rihla/formats/observable"
	"github.com/rihla/rihla/internal/cyber/match"
)

// observe makes STIX objects of a line, as patterns ask for them: who talked to whom, by which names and pages, about which
// files. Of a line whose fields are not known, every value is an object of its own.
func observe(form match.Form, line []byte, l *match.Line) []byte {
	b := &observing{fields: map[string][]string{}}
	if form == match.JSONLines {
		b.flatten(line)
	} else {
		b.fields["src_ip"] = []string{string(l.Client)}
		b.fields["dest_ip"] = []string{string(l.Server)}
		b.fields["dest_port"], b.fields["proto"] = []string{"53"}, []string{"dns"}
		b.fields["word"] = strings.Fields(string(line))
	}
	b.traffic()
	b.files()
	b.mail()
	b.process()
	b.values()
	text, err := json.Marshal(b.objects)
	if err != nil { // of texts and numbers
		return nil
	}
	return text
}

// observed reads what observe wrote.
func observed(text []byte) (objects []*jsondoc.Value) {
	list, f := jsondoc.Parse(text)
	if f != nil {
		return nil
	}
	items := list.Items()
	for i := range items {
		objects = append(objects, &items[i].Value)
	}
	return objects
}

// observing gathers the objects of one line.
type observing struct {
	fields  map[string][]string // by their path, in lower case, dots between
	objects []map[string]any
	ids     map[string]string // of objects that are one value, by type and value
}

// The bounds of a line that is observed; what is beyond them is left out.
const (
	mostFields  = 500
	mostObjects = 300
)

// flatten reads a line's fields, however deep they stand.
func (b *observing) flatten(line []byte) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return
	}
	n := 0
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, inner := range v {
				walk(strings.TrimPrefix(path+"."+strings.ToLower(name), "."), inner)
			}
		case []any:
			for _, inner := range v {
				walk(path, inner)
			}
		case string:
			if n++; n <= mostFields && v != "" {
				b.fields[path] = append(b.fields[path], v)
			}
		case json.Number:
			if n++; n <= mostFields {
				b.fields[path] = append(b.fields[path], v.String())
			}
		}
	}
	walk("", v)
	for _, list := range b.fields {
		slices.Sort(list) // a map is walked in any order
	}
}

// first is the value of the first of some fields that the line has.
func (b *observing) first(names ...string) string {
	for _, name := range names {
		if list := b.fields[name]; len(list) > 0 {
			return list[0]
		}
	}
	return ""
}

func (b *observing) all(names ...string) (list []string) {
	for _, name := range names {
		list = append(list, b.fields[name]...)
	}
	return list
}

// add adds an object and answers its id.
func (b *observing) add(kind string, o map[string]any) string {
	if len(b.objects) >= mostObjects {
		return ""
	}
	id := kind + "--" + strconv.Itoa(len(b.objects))
	o["type"], o["id"] = kind, id
	b.objects = append(b.objects, o)
	return id
}

// single adds an object that is one value, once, and answers its id.
func (b *observing) single(kind, value string) string {
	if b.ids == nil {
		b.ids = map[string]string{}
	}
	id, there := b.ids[kind+" "+value]
	if !there {
		id = b.add(kind, map[string]any{"value": value})
		b.ids[kind+" "+value] = id
	}
	return id
}

// end adds whom a line names at one end: an address or a name.
func (b *observing) end(text string) string {
	if ip, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		if ip = ip.Unmap(); ip.Is4() {
			return b.single("ipv4-addr", ip.String())
		}
		return b.single("ipv6-addr", ip.String())
	}
	if _, name, refused := observable.Parse(observable.Domain, text); refused == nil {
		return b.single("domain-name", name)
	}
	return ""
}

func (b *observing) traffic() {
	t := map[string]any{}
	if id := b.end(b.first("src_ip", "src", "client_ip", "source_ip", "id.orig_h", "source.ip", "client.ip", "source.address", "srcip", "c-ip", "remote_addr")); id != "" {
		t["src_ref"] = id
	}
	if id := b.end(b.first("dest_ip", "dst_ip", "dst", "server_ip", "destination_ip", "id.resp_h", "destination.ip", "server.ip", "destination.address", "destination.domain", "dstip", "s-ip")); id != "" {
		t["dst_ref"] = id
	}
	for name, fields := range map[string][]string{
		"src_port": {"src_port", "sport", "id.orig_p", "source.port", "client.port"}, "dst_port": {"dest_port", "dst_port", "dport", "id.resp_p", "destination.port", "server.port"},
	} {
		if n, err := strconv.Atoi(b.first(fields...)); err == nil && n >= 0 && n < 1<<16 {
			t[name] = n
		}
	}
	var protocols []string
	for _, p := range b.all("proto", "protocol", "network.transport", "network.protocol", "app_proto", "service") {
		protocols = append(protocols, strings.ToLower(p))
	}
	if len(protocols) > 0 {
		t["protocols"] = protocols
	}
	request := map[string]any{}
	if method := b.first("http.http_method", "http.request.method", "method", "http_method"); method != "" {
		request["request_method"] = strings.ToLower(method)
	}
	if value := b.first("url.original", "http.url", "uri", "url.path"); value != "" {
		request["request_value"] = value
	}
	headers := map[string]any{}
	for name, fields := range map[string][]string{"User-Agent": {"user_agent.original", "http.http_user_agent", "user_agent", "http.user_agent"}, "Host": {"http.hostname", "http.host", "url.domain"}} {
		if value := b.first(fields...); value != "" {
			headers[name] = value
		}
	}
	if len(headers) > 0 {
		request["request_header"] = headers
	}
	if len(request) > 0 {
		t["extensions"] = map[string]any{"http-request-ext": request}
	}
	if len(t) > 0 {
		b.add("network-traffic", t)
	}
}

func (b *observing) files() {
	f, hashes := map[string]any{}, map[string]any{}
	for name, fields := range map[string][]string{
		"MD5":     {"file.hash.md5", "hash.md5", "md5", "fileinfo.md5", "process.hash.md5"},
		"SHA-1":   {"file.hash.sha1", "hash.sha1", "sha1", "fileinfo.sha1", "process.hash.sha1"},
		"SHA-256": {"file.hash.sha256", "hash.sha256", "sha256", "fileinfo.sha256", "process.hash.sha256"},
		"SHA-512": {"file.hash.sha512", "hash.sha512", "sha512"},
	} {
		if value := b.first(fields...); value != "" {
			hashes[name] = strings.ToLower(value)
		}
	}
	if len(hashes) > 0 {
		f["hashes"] = hashes
	}
	if name := b.first("file.name", "filename", "fileinfo.filename", "file"); name != "" {
		f["name"] = name[strings.LastIndexAny(name, `/\`)+1:]
	}
	if size, err := strconv.ParseInt(b.first("file.size", "fileinfo.size", "size"), 10, 64); err == nil {
		f["size"] = size
	}
	if len(f) > 0 {
		b.add("file", f)
	}
}

func (b *observing) mail() {
	m := map[string]any{}
	address := func(text string) string {
		if _, value, refused := observable.Parse(observable.Email, text); refused == nil {
			return b.single("email-addr", value)
		}
		return ""
	}
	if id := address(b.first("email.from", "email.from.address", "mail_from", "mailfrom", "from", "email.sender.address", "smtp.mail_from")); id != "" {
		m["from_ref"] = id
	}
	var to []string
	for _, text := range b.all("email.to", "email.to.address", "rcpt_to", "rcptto", "to", "smtp.rcpt_to") {
		if id := address(text); id != "" {
			to = append(to, id)
		}
	}
	if len(to) > 0 {
		m["to_refs"] = to
	}
	if subject := b.first("email.subject", "subject"); subject != "" {
		m["subject"] = subject
	}
	if len(m) > 0 {
		b.add("email-message", m)
	}
}

func (b *observing) process() {
	p := map[string]any{}
	if line := b.first("process.command_line", "command_line", "commandline", "cmdline"); line != "" {
		p["command_line"] = line
	}
	if path := b.first("process.executable", "process.name", "image", "process"); path != "" {
		p["image_ref"] = b.add("file", map[string]any{"name": path[strings.LastIndexAny(path, `/\`)+1:]})
	}
	if pid, err := strconv.Atoi(b.first("process.pid", "pid")); err == nil {
		p["pid"] = pid
	}
	if len(p) > 0 {
		b.add("process", p)
	}
	if user := b.first("user.name", "username", "user"); user != "" {
		b.add("user-account", map[string]any{"user_id": user, "account_login": user})
	}
	if key := b.first("registry.path", "registry.key", "targetobject"); key != "" {
		b.add("windows-registry-key", map[string]any{"key": key})
	}
}

// values adds every value that is an address, a name, a page, a mailbox or a digest, wherever it stands.
func (b *observing) values() {
	paths := make([]string, 0, len(b.fields))
	for path := range b.fields {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	known := map[string]bool{}
	for _, path := range paths {
		for _, text := range b.fields[path] {
			for _, word := range append([]string{text}, strings.Fields(text)...) {
				if known[word] || len(word) > 2048 || len(word) < 3 {
					continue
				}
				known[word] = true
				b.value(word)
			}
		}
	}
}

func (b *observing) value(word string) {
	kind, value, ok := observable.Guess(strings.Trim(word, `"'<>(),;`))
	if !ok {
		return
	}
	value = observable.Key(kind, value)
	switch kind {
	case observable.IPv4, observable.IPv6:
		b.end(value)
	case observable.Domain:
		b.single("domain-name", value)
	case observable.URL:
		b.single("url", value)
	case observable.Email:
		b.single("email-addr", value)
	case observable.MD5, observable.SHA1, observable.SHA256, observable.SHA512:
		name := map[observable.Kind]string{observable.MD5: "MD5", observable.SHA1: "SHA-1", observable.SHA256: "SHA-256", observable.SHA512: "SHA-512"}[kind]
		b.add("file", map[string]any{"hashes": map[string]any{name: value}})
	}
}
