package observe

// Fields of log lines. Beside them each line has level, time and msg, which is one of the messages of this package.
const (
	RequestID = "request_id"  // Ties the lines of a request together; also in X-Request-Id and in problem details.
	TraceID   = "trace_id"    // The trace that the line belongs to, when traces are made; also in problem details.
	SpanID    = "span_id"     // The span of the request.
	Method    = "method"      // The method, or OTHER for one that HTTP does not know.
	Route     = "route"       // The template of the address, such as /api/v1/carts/{id}, or unmatched. Never the address itself.
	Status    = "status"      // The status of the answer.
	Code      = "code"        // The code of the problem that was answered; see errors.md.
	Duration  = "duration_ms" // How long it took, in milliseconds.
	Bytes     = "bytes"       // Size of the answer's body.
	Actor     = "actor"       // Who asked: anonymous, guest, customer, staff, api_key.

	Error     = "error"     // Why, for whoever looks after the shop: without personal data, one line, of 500 bytes at most.
	Stack     = "stack"     // Where in the program.
	Statement = "statement" // A statement of the database, its values replaced by ?.
	Rows      = "rows"      // Rows that a statement gave or changed.
	Pool      = "pool"      // general or commits.
	Group     = "group"     // How many commits were together.
	Retry     = "in"        // When it is tried again.

	Job      = "job"       // The kind of a job.
	Attempt  = "attempt"   // The number of the attempt, from 1.
	Consumer = "consumer"  // Who takes events.
	Name     = "name"      // Name of an event, or of a step of the schema.
	Version  = "version"   // Number of a step of the schema.
	Subject  = "aggregate" // Id of what an event is about when the shop made it; else only what sort of thing it is, such as location.
	EventID  = "event"     // Id of an event.
	At       = "at"        // When an event happened.
	Figures  = "figures"   // Which figures of /metrics.

	Address  = "address"  // Where the server listens.
	Drain    = "drain"    // How long the server goes on serving.
	Endpoint = "endpoint" // Where traces are sent, without credentials.
	Ratio    = "ratio"    // The share of requests that are traced.

	Warning  = "warning"         // What is out of date about a setting.
	File     = "file"            // The file that was read at the start.
	Products = "products"        // How many products.
	Variants = "variants"        // How many variants.
	FileRows = "file_rows"       // How many rows a file had.
	Ignored  = "ignored_columns" // Columns of a file that are not read.
	Notes    = "notes"           // What was special in a file.
	Warnings = "warnings"        // What somebody should look at in what was read.
)
