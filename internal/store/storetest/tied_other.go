//go:build !linux

package storetest

import "os/exec"

// startTied starts a child; only Linux can tie it to us.
func startTied(command *exec.Cmd) error { return command.Start() }
