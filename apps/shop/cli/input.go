package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// input is a file that is read more than once. Standard input and other streams are kept in a file of their own meanwhile.
type input struct {
	*os.File

	name string
	size int64
	temp bool
}

// openInput opens a file, or standard input for "-".
func openInput(p Process, name string) (*input, error) {
	if name == "-" {
		if p.Stdin == nil {
			return nil, usagef("there is no standard input; name a file")
		}
		return spool(name, p.Stdin)
	}
	f, err := os.Open(name) //nolint:gosec // The operator names the file.
	if err != nil {
		return nil, usagef("%s cannot be read: %w", name, pathCause(err))
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case info.Mode().IsRegular():
		return &input{File: f, name: name, size: info.Size()}, nil
	case info.IsDir():
		err = usagef("%s cannot be read: it is a directory", name)
	default:
		var in *input
		if in, err = spool(name, f); err == nil {
			_ = f.Close()
			return in, nil
		}
	}
	_ = f.Close()
	return nil, err
}

// spool keeps a stream in a file.
func spool(name string, from io.Reader) (*input, error) {
	f, err := os.CreateTemp("", "shop-import-*")
	if err != nil {
		return nil, fmt.Errorf("keeping %s to read it twice: %w", name, err)
	}
	in := &input{File: f, name: name, temp: true}
	if in.size, err = io.Copy(f, from); err != nil {
		in.close()
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return in, nil
}

// close ends the file, and takes away what was only kept meanwhile.
func (in *input) close() {
	_ = in.Close()
	if in.temp {
		_ = os.Remove(in.Name())
	}
}

// cause makes an error of the file's system one of the operator's file.
func (in *input) cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return usagef("%s cannot be read: %w", in.name, path.Err)
	}
	return err
}

// pathCause is what is wrong with a file, without its name, which the message has already.
func pathCause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}

// reading is a file until somebody asks the command to end.
type reading struct {
	ctx context.Context //nolint:containedctx // What reads takes none.
	in  io.ReaderAt
}

// ReadAt reads unless the command is to end.
func (r reading) ReadAt(p []byte, at int64) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.ReadAt(p, at)
}
