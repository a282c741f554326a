package fiberhttp

import (
	"net/http"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// The cases that the edge itself answers.
var (
	MalformedRequest      = fault.Define(fault.Invalid, "malformed_request", "The request is no well-formed HTTP, or its address is not properly encoded.")
	MalformedJSON         = fault.Define(fault.Invalid, "malformed_json", "The body is missing or is not the strict JSON that is read here.")
	DuplicateField        = fault.Define(fault.Invalid, "duplicate_field", "An object of the body names a member twice.")
	UnknownField          = fault.Define(fault.Invalid, "unknown_field", "The body has a member that is not known here; names are case-sensitive.")
	MalformedForm         = fault.Define(fault.Invalid, "malformed_form", "The body is not the strict multipart/form-data that is read here.")
	UnknownParameter      = fault.Define(fault.Invalid, "unknown_parameter", "A query parameter is not known here, or a parameter or header is given more than once.")
	MissingIdempotencyKey = fault.Define(fault.Invalid, "missing_idempotency_key", "The call needs the header Idempotency-Key; send a fresh random value.")
	MethodNotAllowed      = fault.Define(fault.Invalid, "method_not_allowed", "The address exists but does not take this method; Allow lists those that it takes.")
	RequestTimeout        = fault.Define(fault.Invalid, "request_timeout", "The request did not arrive in time; send it again.")
	BodyTooLarge          = fault.Define(fault.Invalid, "body_too_large", "The body is larger than is read here.")
	UnsupportedMediaType  = fault.Define(fault.Invalid, "unsupported_media_type", "The body has a media type, a charset or a content encoding that is not read here.")
	HeadersTooLarge       = fault.Define(fault.Invalid, "headers_too_large", "The address and headers together are larger than is read here.")
	MethodUnknown         = fault.Define(fault.Invalid, "method_unknown", "No address here knows this method.")
)

// edgeClasses are the cases that any call may meet; /docs lists them beside those that routes name.
var edgeClasses = []fault.Class{
	MalformedRequest, MalformedJSON, DuplicateField, UnknownField, UnknownParameter, MissingIdempotencyKey,
	CrossSite, MethodNotAllowed, RequestTimeout, BodyTooLarge, UnsupportedMediaType, HeadersTooLarge, MethodUnknown,
	fault.Bad, fault.Missing, fault.Down, fault.Lost, fault.Unexpected,
}

// statusByCode holds the codes whose status is not that of their kind; most are older than this toolkit and fixed by
// HTTP itself.
var statusByCode = map[string]int{
	MalformedRequest.Code():      http.StatusBadRequest,
	MalformedJSON.Code():         http.StatusBadRequest,
	DuplicateField.Code():        http.StatusBadRequest,
	MalformedForm.Code():         http.StatusBadRequest,
	UnknownField.Code():          http.StatusBadRequest,
	UnknownParameter.Code():      http.StatusBadRequest,
	MissingIdempotencyKey.Code(): http.StatusBadRequest,
	"invalid_cursor":             http.StatusBadRequest,
	"payment_declined":           http.StatusPaymentRequired,
	"webhook_signature":          http.StatusBadRequest, // Providers take 401 for a reason to stop sending.
	"webhook_malformed":          http.StatusBadRequest,
	MethodNotAllowed.Code():      http.StatusMethodNotAllowed,
	RequestTimeout.Code():        http.StatusRequestTimeout,
	BodyTooLarge.Code():          http.StatusRequestEntityTooLarge,
	UnsupportedMediaType.Code():  http.StatusUnsupportedMediaType,
	HeadersTooLarge.Code():       http.StatusRequestHeaderFieldsTooLarge,
	MethodUnknown.Code():         http.StatusNotImplemented,
}

// StatusOf is the HTTP status of a case: that of its code where the contract names one, else that of its kind.
func StatusOf(class fault.Class) int {
	if status, ok := statusByCode[class.Code()]; ok {
		return status
	}
	switch class.Kind() {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Denied:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Precondition:
		return http.StatusPreconditionFailed
	case fault.Exhausted:
		return http.StatusTooManyRequests
	case fault.Unavailable, fault.Unknown:
		return http.StatusServiceUnavailable
	case fault.Internal:
		return http.StatusInternalServerError
	default:
		return http.StatusInternalServerError
	}
}
