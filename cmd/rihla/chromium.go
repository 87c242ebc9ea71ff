package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// browsers are where a Chromium may be: names on the path first.
var browsers = []string{
	"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
	`C:\Program Files\Google\Chrome\Application\chrome.exe`, `C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
}

const printWithin = time.Minute

// printPDF prints a page, whole in itself, by a Chromium of this machine.
func printPDF(ctx context.Context, browser string, page []byte, out string) (err error) {
	found, err := findBrowser(browser)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "rihla-print-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	from, to := filepath.Join(dir, "page.html"), filepath.Join(dir, "page.pdf")
	if err := os.WriteFile(from, page, 0o600); err != nil {
		return err
	}
	args := []string{
		"--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-background-networking",
		"--user-data-dir=" + filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + to,
	}
	if os.Geteuid() == 0 {
		args = append(args, "--no-sandbox") // it will not start otherwise; the page is this program's own and has no script
	}
	within, cancel := context.WithTimeout(ctx, printWithin)
	defer cancel()
	var said bytes.Buffer
	command := exec.CommandContext(within, found, append(args, "file://"+filepath.ToSlash(from))...) //nolint:gosec // found above, or named by whoever runs this
	command.Stderr, command.WaitDelay = &said, time.Second
	ran := command.Run()
	pdf, err := os.ReadFile(to)
	if err != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return fmt.Errorf("%s made no PDF: %w%s", found, errors.Join(ran, err), lastLine(said.String()))
	}
	return os.WriteFile(out, pdf, 0o600)
}

func findBrowser(named string) (string, error) {
	if named != "" {
		found, err := exec.LookPath(named)
		if err != nil {
			return "", inputError{fmt.Errorf("--browser %s: there is no such program", named)}
		}
		return found, nil
	}
	for _, name := range browsers {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", errors.New("there is no Chromium on this machine to make the PDF with: install one, name one by --browser, or take --html and print that page from any browser")
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return "; it said: " + last
	}
	return ""
}
