//go:build unix

package local

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// account is the user that PostgreSQL runs as; nil stands for the present one. PostgreSQL refuses to run as root.
type account struct {
	name string
	uid  uint32
	gid  uint32
}

// unprivileged lists the users tried in place of root. The first owns the packages' clusters, the second is everywhere.
var unprivileged = []string{"postgres", "nobody"}

func chooseAccount() (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	var problems []error
	for _, name := range unprivileged {
		found, err := user.Lookup(name)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
		gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
		if err := errors.Join(uidErr, gidErr); err != nil {
			problems = append(problems, err)
			continue
		}
		return &account{name: name, uid: uint32(uid), gid: uint32(gid)}, nil
	}
	return nil, fmt.Errorf("PostgreSQL does not run as root, and no other user is there to run it: %w", errors.Join(problems...))
}

// String names the user in messages.
func (a *account) String() string {
	if a == nil {
		return "this user"
	}
	return "user " + a.name
}

func (a *account) own(path string) error {
	if a == nil {
		return nil
	}
	if err := os.Chown(path, int(a.uid), int(a.gid)); err != nil {
		return fmt.Errorf("containers: give %s to %s: %w", path, a, err)
	}
	return nil
}

func (a *account) makeFolder(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil {
		return fmt.Errorf("containers: data folder: %w", err)
	}
	return a.own(path)
}

func (a *account) writeFile(path, text string) error {
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return fmt.Errorf("containers: %w", err)
	}
	return a.own(path)
}

// prepare makes the command run as the user, in the folder, untouched by the PG… variables of the caller.
func (a *account) prepare(cmd *exec.Cmd, dir string) {
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	attributes := &syscall.SysProcAttr{Setpgid: true} // A Ctrl-C on the terminal is the test's business, not the server's.
	if a != nil {
		attributes.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid}
	}
	bindToParent(attributes)
	cmd.SysProcAttr = attributes
}
