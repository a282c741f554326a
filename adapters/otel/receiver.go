package otel

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"

	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// receiver sends spans to where they are received, as OTLP over HTTP. The exporter's own client would bring gRPC into
// the program, which nothing here calls and which makes it a seventh larger.
type receiver struct {
	address string
	headers http.Header
	client  *http.Client
}

// answerMost is how much of an answer is read, so that its connection can be used again.
const answerMost = 64 << 10

// Start has nothing to do: the first message finds out whether somebody is there.
func (r *receiver) Start(context.Context) error { return nil }

// Stop gives the connections back.
func (r *receiver) Stop(context.Context) error {
	r.client.CloseIdleConnections()
	return nil
}

// UploadTraces sends one message and waits for it to be taken. What is not taken is lost: spans are worth no memory.
func (r *receiver) UploadTraces(ctx context.Context, spans []*traces.ResourceSpans) error {
	// On the wire the request of the service and this are the same: field 1, the spans.
	body, err := proto.Marshal(&traces.TracesData{ResourceSpans: spans})
	if err != nil {
		return fmt.Errorf("otel: the message: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, exportTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("otel: the message: %w", err)
	}
	request.Header = r.headers.Clone()
	request.Header.Set("Content-Type", "application/x-protobuf")
	response, err := r.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, answerMost))
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return fmt.Errorf("otel: the receiver answers %s", response.Status)
	}
	return nil
}
