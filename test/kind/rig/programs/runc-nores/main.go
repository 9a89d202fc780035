// runc-nores is an OCI runtime that lets containers start where root lacks
// CAP_SYS_RESOURCE (small VMs drop it). There runc refuses every container that asks
// for that capability ("--privileged" does), for rlimits above the caller's own or
// for a lower oom_score_adj than the caller has. The shim takes those wishes out of
// the bundle and becomes the real runc, so that exit codes, signals and stdio stay
// runc's. Where root has the capability it changes nothing.
//
// It runs twice: as dockerd's runtime on the host and as containerd's in the node.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

const (
	capability    = "CAP_SYS_RESOURCE"
	capabilityBit = 24
)

func main() {
	args := os.Args[1:]
	if !haveCapability() {
		if file, ofContainer := specFile(args); file != "" {
			if err := soften(file, ofContainer); err != nil { // runc then says what is wrong
				fmt.Fprintln(os.Stderr, "runc-nores:", err)
			}
		}
	}
	runc, err := exec.LookPath("runc")
	if err != nil {
		runc = "/usr/sbin/runc" // not on every daemon's PATH
	}
	err = syscall.Exec(runc, append([]string{"runc"}, args...), os.Environ())
	fmt.Fprintf(os.Stderr, "runc-nores: exec %s: %v\n", runc, err)
	os.Exit(127)
}

func haveCapability() bool {
	status, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(status), "\n") {
		if hex, ok := strings.CutPrefix(line, "CapEff:"); ok {
			mask, err := strconv.ParseUint(strings.TrimSpace(hex), 16, 64)
			return err != nil || mask&(1<<capabilityBit) != 0
		}
	}
	return true
}

// specFile finds the file that this runc command will read: a container's bundle
// (create, run) or a bare process description (exec); "" for all other commands.
func specFile(args []string) (file string, ofContainer bool) {
	flag := func(long, short string) string {
		for i, arg := range args {
			if value, ok := strings.CutPrefix(arg, long+"="); ok {
				return value
			}
			if (arg == long || arg == short) && i+1 < len(args) {
				return args[i+1]
			}
		}
		return ""
	}
	switch {
	case slices.Contains(args, "create") || slices.Contains(args, "run"):
		return filepath.Join(flag("--bundle", "-b"), "config.json"), true
	case slices.Contains(args, "exec"):
		return flag("--process", "-p"), false
	}
	return "", false
}

func soften(file string, ofContainer bool) error {
	raw, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // 64-bit numbers (seccomp arguments) must survive exactly
	var spec map[string]any
	if err := decoder.Decode(&spec); err != nil {
		return err
	}
	process := spec
	if ofContainer {
		process, _ = spec["process"].(map[string]any)
	}
	if sets, ok := process["capabilities"].(map[string]any); ok {
		for name, set := range sets {
			if list, ok := set.([]any); ok {
				sets[name] = slices.DeleteFunc(list, func(c any) bool { return c == capability })
			}
		}
	}
	delete(process, "rlimits")
	if wish, ok := process["oomScoreAdj"].(json.Number); ok {
		own, _ := os.ReadFile("/proc/self/oom_score_adj")
		have, _ := strconv.ParseInt(strings.TrimSpace(string(own)), 10, 64)
		if want, _ := wish.Int64(); want < have {
			delete(process, "oomScoreAdj")
		}
	}
	out, err := json.Marshal(spec)
	if err != nil {
		return err
	}
	return os.WriteFile(file, out, 0o600) // exists: keeps its mode
}
