package postgres

import (
	"context"
	"runtime"

	"github.com/jackc/pgx/v5"

	"github.com/ipswich-retail/commerce/ports"
)

// gathered are the questions that are asked together.
type gathered struct {
	reads  gather[any, any] // Of all kinds, since a trip costs more than a statement.
	taking gather[takeQuestion, bool]
	acks   gather[ports.Progress, bool]
}

func (g *gathered) init(s *Store) {
	// On few processors one trip at a time: what waits for it makes the next one worth more.
	g.reads.s, g.reads.ask, g.reads.most = s, s.answerReads, runtime.GOMAXPROCS(0)/2
	g.taking.s, g.taking.ask = s, s.RateLimiter().takeEach
	g.acks.s, g.acks.ask = s, s.Outbox().ackEach
}

// answerReads answers questions of all kinds in one round trip.
func (s *Store) answerReads(ctx context.Context, questions []any) ([]any, error) {
	b := &pgx.Batch{}
	out := make([]any, len(questions))
	kinds := []func() error{
		queueKind(b, questions, out, s.Carts().queueByID),
		queueKind(b, questions, out, s.Products().queueSellable),
		queueKind(b, questions, out, s.Prices().queuePlans),
		queueKind(b, questions, out, s.Stock().queueAvailability),
	}
	if err := s.sendPrepared(ctx, b); err != nil {
		return nil, err
	}
	for _, finish := range kinds {
		if err := finish(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// queueKind queues the statements of one kind of question, and gives what puts the answers into their places once the
// batch was sent.
func queueKind[Q, A any](b *pgx.Batch, questions, out []any, queue func(*pgx.Batch, []Q) func() ([]A, error)) func() error {
	var those []Q
	var places []int
	for i, q := range questions {
		if q, ok := q.(Q); ok {
			those, places = append(those, q), append(places, i)
		}
	}
	if len(those) == 0 {
		return func() error { return nil }
	}
	finish := queue(b, those)
	return func() error {
		answers, err := finish()
		if err != nil {
			return err
		}
		for i, place := range places {
			out[place] = answers[i]
		}
		return nil
	}
}

// readTogether asks with others, unless the question is so long that they would wait for its rows.
func readTogether[A any](ctx context.Context, s *Store, question any, keys int) (A, error) {
	ask := s.gathered.reads.get
	if keys > gatherKeys {
		ask = s.readAlone
	}
	answer, err := ask(ctx, question)
	out, _ := answer.(A)
	return out, err
}

// readAlone asks with nobody.
func (s *Store) readAlone(ctx context.Context, question any) (any, error) {
	answers, err := s.answerReads(ctx, []any{question})
	if err != nil {
		return nil, readError(err)
	}
	return answers[0], nil
}
