package fiberhttp

import (
	"context"

	"github.com/ipswich-retail/commerce/domain/ref"
)

// What tests see besides.
var (
	FormatCursor   = formatCursor
	ParseCursor    = parseCursor
	Preferred      = preferred
	Drawable       = drawable
	MediaType      = mediaType
	IsHost         = isHost
	WellEncoded    = wellEncoded
	AmbiguousLines = ambiguousLines
	FormatPlace    = formatPlace[listedPlace]
	ParsePlace     = parsePlace[listedPlace]
)

// Clearable and Stated are the values of a PATCH.
type (
	Clearable = clearable
	Stated    = stated[int64]
)

// ListedPlace is a place in a list that is not sorted by age alone.
type ListedPlace = listedPlace

// NewestList is the name of the list of products from new to old.
const NewestList = newestList

// CommandOn registers a command on a server without the routes of a shop.
func CommandOn[I, O any](s *Server, services Services, route Route, do func(context.Context, *I, Attempt) (*O, string, error), show func(context.Context, *I, string) (*O, error)) {
	Command(&routes{Services: services, server: s}, route, do, show)
}

// ParseUpload reads a form with one file and perhaps a map.
func ParseUpload(contentType string, body []byte) (name, content string, fields map[string]string, err error) {
	form, err := parseUpload(contentType, body, "map")
	return form.name, string(form.content), form.fields, err
}

// ParseUUID reads the canonical form of a UUID.
func ParseUUID(text string) (ref.UUID, error) { return parseUUID(text) }
