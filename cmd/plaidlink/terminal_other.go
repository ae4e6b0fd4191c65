//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package main

import "os"

// windowWidth takes no file for a terminal: the system may not know its codes.
func windowWidth(*os.File) (width int, ok bool) { return 0, false }
