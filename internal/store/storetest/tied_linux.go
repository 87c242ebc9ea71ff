package storetest

import (
	"os/exec"
	"runtime"
	"syscall"
)

// startTied starts a child that the kernel ends with us, also when a test panics or is killed.
func startTied(command *exec.Cmd) error {
	command.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	failed := make(chan error)
	go func() {
		runtime.LockOSThread() // the child is tied to the thread that started it, so that thread must stay
		failed <- command.Start()
		select {}
	}()
	return <-failed
}
