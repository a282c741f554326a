package fiberhttp

import (
	"context"
	"net/http"
	"time"
)

// ServiceHealth is how one part does that the shop stands on.
type ServiceHealth struct {
	Name string // Such as database.
	// State is a word of that part, such as up, down or late.
	State string
	// Well is false when somebody should look; Vital that the shop cannot answer requests without the part.
	Well, Vital bool
}

// Health is the body of the health answers.
type Health struct {
	Status    string            `json:"status" enum:"ok,degraded,down,draining" doc:"ok; degraded: a part is not well; down: a part that all stands on is not well; draining: about to end."`
	Version   string            `json:"version" doc:"Version of the program."`
	Timestamp time.Time         `json:"timestamp" doc:"When it was asked, UTC."`
	Services  map[string]string `json:"services" doc:"State of each part, such as database: up or down, outbox and jobs: up or late."`
}

type healthAnswer struct {
	Status int
	Body   Health
}

// healthTimeout bounds the questions to the parts: an orchestrator asks every few seconds.
const healthTimeout = 2 * time.Second

func (s *Server) registerHealth() {
	const tag = "Health"
	Op(s, Route{
		ID: "health", Method: http.MethodGet, Path: "/health", Tag: tag, Class: Always, Timeout: healthTimeout,
		Summary: "How the shop and its parts do; always 200 while the program runs",
	}, func(ctx context.Context, _ *struct{}) (*healthAnswer, error) {
		return &healthAnswer{Status: http.StatusOK, Body: s.health(s.options.Health(ctx))}, nil
	})
	Op(s, Route{
		ID: "health-live", Method: http.MethodGet, Path: "/health/live", Tag: tag, Class: Always,
		Summary: "Whether the program runs; touches nothing else",
	}, func(context.Context, *struct{}) (*healthAnswer, error) {
		return &healthAnswer{Status: http.StatusOK, Body: s.health(nil)}, nil
	})
	Op(s, Route{
		ID: "health-ready", Method: http.MethodGet, Path: "/health/ready", Tag: tag, Class: Always, Timeout: healthTimeout,
		Summary: "Whether requests should be sent here",
		Also:    map[int]string{http.StatusServiceUnavailable: "Not ready: draining, or a vital part is down; the body is as in 200"},
	}, func(ctx context.Context, _ *struct{}) (*healthAnswer, error) {
		body := s.health(s.options.Health(ctx))
		if body.Status == "draining" || body.Status == "down" {
			return &healthAnswer{Status: http.StatusServiceUnavailable, Body: body}, nil
		}
		return &healthAnswer{Status: http.StatusOK, Body: body}, nil
	})
}

func (s *Server) health(parts []ServiceHealth) Health {
	out := Health{
		Status: "ok", Version: s.options.Version, Timestamp: s.options.Now().UTC(),
		Services: make(map[string]string, len(parts)),
	}
	for _, part := range parts {
		out.Services[part.Name] = part.State
		switch {
		case !part.Well && part.Vital:
			out.Status = "down"
		case !part.Well && out.Status == "ok":
			out.Status = "degraded"
		}
	}
	if s.draining.Load() {
		out.Status = "draining"
	}
	return out
}
