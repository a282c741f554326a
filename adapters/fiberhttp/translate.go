package fiberhttp

import (
	"context"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// ProblemOf translates any error into what a caller sees. Errors of package fault keep their code and public message;
// an error of a kind that is a defect, or that is unknown here, becomes "internal" and shows nothing of itself.
//
// A deadline that ran out is "unavailable" when the method is safe, else "outcome_unknown": the effect may stand.
func ProblemOf(err error, method, requestID string) *Problem {
	problem := translate(err, method)
	problem.RequestID = requestID
	return problem
}

func translate(err error, method string) *Problem {
	var done *Problem
	if errors.As(err, &done) {
		copied := *done
		return &copied
	}
	if known := fault.Of(err); known != nil {
		return ofFault(known, err)
	}
	var fromFiber *fiber.Error
	var fromHuma huma.StatusError
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return ofFault(outOfTime(method), err)
	case errors.As(err, &fromFiber):
		return ofFault(ofStatus(fromFiber.Code), err)
	case errors.As(err, &fromHuma):
		return ofFault(ofStatus(fromHuma.GetStatus()), err)
	default:
		return ofFault(fault.Unexpected.New(""), err)
	}
}

func outOfTime(method string) *fault.Error {
	if method == http.MethodGet || method == http.MethodHead {
		return fault.Down.New("the answer took too long; try again")
	}
	return fault.Lost.New("the answer took too long and the effect may stand; retry with the same Idempotency-Key")
}

// ofStatus gives an error that a framework made our words; its own may hold what the client sent.
func ofStatus(status int) *fault.Error {
	switch status {
	case http.StatusNotFound:
		return fault.Missing.New("there is nothing at this address")
	case http.StatusMethodNotAllowed:
		return MethodNotAllowed.New("this address does not take this method; Allow lists those that it takes")
	case http.StatusRequestTimeout:
		return RequestTimeout.New("the request did not arrive in time; send it again")
	case http.StatusRequestEntityTooLarge:
		return BodyTooLarge.New("the body is too large; send less")
	case http.StatusUnsupportedMediaType:
		return UnsupportedMediaType.New("this media type is not read here; send application/json in UTF-8")
	case http.StatusUnprocessableEntity:
		return fault.Bad.New("one or more fields break a rule")
	case http.StatusRequestHeaderFieldsTooLarge:
		return HeadersTooLarge.New("the address and headers are too large; send less")
	case http.StatusServiceUnavailable:
		return fault.Down.New("a part that this needs is not reachable; nothing was done, try again")
	}
	if status >= http.StatusInternalServerError && status != http.StatusBadGateway {
		return fault.Unexpected.New("")
	}
	return MalformedRequest.New("the request is not well-formed HTTP")
}

// ofFault translates. Cause is the whole chain, for the log.
func ofFault(e *fault.Error, cause error) *Problem {
	if e.Kind() == fault.Internal {
		e = fault.Unexpected.New(fault.Unexpected.Meaning())
	}
	code, status := e.Code(), StatusOf(e.Class())
	entries := entriesOf(e.Violations())
	extras := e.Details()
	if len(entries) == 0 && e.Field() != "" {
		entries, extras = []ProblemEntry{entryOf(e)}, nil
		if status == http.StatusUnprocessableEntity {
			code = fault.Bad.Code() // One wrong field is answered like several: its own code stands in the entry.
		}
	}
	return problemWith(code, status, e.Message(), entries, extras, cause)
}

func problemWith(code string, status int, detail string, entries []ProblemEntry, extras map[string]any, cause error) *Problem {
	p := &Problem{
		Type: typeOf(code), Title: titleOf(code), Status: status, Detail: detail, Code: code,
		Errors: entries[:min(len(entries), maxEntries)], extras: extras, header: http.Header{}, cause: cause,
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		p.header.Set("Retry-After", retryAfter(extras))
	}
	if status == http.StatusUnauthorized {
		challenge(p.header)
	}
	return p
}

// entriesOf flattens violations that gather others.
func entriesOf(violations []*fault.Error) []ProblemEntry {
	var out []ProblemEntry
	for _, violation := range violations {
		if inner := violation.Violations(); len(inner) > 0 {
			out = append(out, entriesOf(inner)...)
			continue
		}
		out = append(out, entryOf(violation))
	}
	return out
}

func entryOf(e *fault.Error) ProblemEntry {
	return ProblemEntry{Field: e.Field(), Code: e.Code(), Message: e.Message(), extras: e.Details()}
}
