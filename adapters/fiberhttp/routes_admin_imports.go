package fiberhttp

import (
	"context"
	"fmt"
	"net/http"

	"github.com/ipswich-retail/commerce/domain/access"
	"github.com/ipswich-retail/commerce/domain/fault"
	"github.com/ipswich-retail/commerce/domain/ref"
)

const (
	adminImportsTag  = "Admin: imports"
	adminImportsPath = adminPath + "/imports"
)

func (r *routes) mountAdminImports() {
	Command(r, Route{
		ID: "admin-start-import", Method: http.MethodPost, Path: adminImportsPath, Tag: adminImportsTag, Permission: access.ImportsRun,
		Summary: "Import a file", Success: http.StatusAccepted,
		Description: fmt.Sprintf("The file is a part named `file` of a form, of at most %d MiB with the form around it; more than 1 MiB is taken of those alone who may import. It is judged as a whole before anything is written, and imported by a job; importing it again changes only what differs.", uploadMax>>20),
		Problems:    also(staffWrites, fault.Bad, MalformedForm, UnknownField, DuplicateField, BodyTooLarge, UnsupportedMediaType),
	}, r.startImport, func(_ context.Context, _ *startImportInput, subject string) (*startImportAnswer, error) {
		return startedImport(subject), nil
	})
	r.server.describeForm(adminImportsPath)
	Op(r.server, Route{
		ID: "admin-get-import", Method: http.MethodGet, Path: adminImportsPath + "/{import}", Tag: adminImportsTag, Permission: access.ImportsRun,
		Summary: "How far an import is, and what it did", Problems: also(staffReads, fault.Missing),
	}, r.getImport)
}

func (r *routes) startImport(ctx context.Context, in *startImportInput, a Attempt) (*startImportAnswer, string, error) {
	form, err := parseUpload(in.contentType, in.RawBody, orderFields...)
	if err == nil && in.Kind != importsOrders {
		err = withoutFields(form)
	}
	if err != nil {
		return nil, "", err
	}
	scope, err := r.scope(Scoped{})
	if err != nil {
		return nil, "", err
	}
	id := ref.NewID[ref.ImportKind](a.ID("import"))
	_, err = audited(ctx, r, access.ImportsRun, "imports.started", id.String(), func(ctx context.Context) (struct{}, error) {
		if in.Kind == importsOrders {
			return struct{}{}, r.Imports.BeginOrders(ctx, scope, id, form.name, in.DryRun, form.content, form.fields)
		}
		return struct{}{}, r.Imports.Begin(ctx, scope, id, in.Kind, in.As, form.name, in.DryRun, form.content)
	})
	if err != nil {
		return nil, "", err
	}
	return startedImport(id.String()), id.String(), nil
}

func startedImport(id string) *startImportAnswer {
	out := &startImportAnswer{Location: adminImportsPath + "/" + id}
	out.Body.ID = id
	return out
}

func (r *routes) getImport(ctx context.Context, in *importInput) (*importAnswer, error) {
	id, err := idOf[ref.ImportKind](in.Import, "import")
	if err != nil {
		return nil, err
	}
	text, err := r.Imports.Record(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &importAnswer{}
	out.Body, err = importBodyOf(text)
	return out, err
}
