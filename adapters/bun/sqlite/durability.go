package sqlite

import (
	"context"
)

// durability is when COMMIT answers.
type durability string

const (
	durable durability = "full"   // When the transaction is on the disk.
	relaxed durability = "normal" // When everybody sees it.
)

// commitsAs makes a connection of the writer commit so from the next transaction on. It is a setting of the connection,
// and stays until another transaction wants it otherwise.
func commitsAs(ctx context.Context, of any, how durability) error {
	c, ok := of.(*conn)
	if !ok {
		return errDriver
	}
	if c.commits == how {
		return nil
	}
	c.commits = "" // Unless all goes well nobody knows.
	// Past the statements that are kept: this one works when it is compiled.
	if _, err := c.plainConn.ExecContext(context.WithoutCancel(ctx), "PRAGMA synchronous = "+string(how), nil); err != nil {
		return err
	}
	c.commits = how
	return nil
}
