package observe

// Messages of log lines. A message is the name of what happened, always the same, so that a search or an alert can count
// on it; what was special about it stands in fields.
const (
	Request      = "request"               // A request was answered; one line for each, never sampled.
	RequestError = "request_failed"        // The answer was 500: a defect. The line of the request has its status, this one the cause.
	Unavailable  = "request_not_answered"  // The answer was 503: a part is away, too slow or too busy; error tells which.
	Panic        = "panic"                 // A handler met a defect; stack tells where. The text of the panic is left out: it may hold anything.
	BadProblem   = "problem_without_json"  // An error case has a detail that has no JSON: a defect.
	Listening    = "listening"             // The server accepts connections.
	ServerEnded  = "server_ended"          // The server stopped without being told to; the program ends with 1.
	NotTold      = "application_not_told"  // The program could not be told that its server ended.
	Settings     = "settings"              // A setting is used in a way that is out of date; warning tells which.
	CommandOpen  = "command_not_closed"    // The record of a command was not closed; its lease ends it.
	Stopping     = "stopping"              // The program was told to end and drains.
	Stopped      = "stopped"               // All is handed back; the program ends with 0.
	Migrated     = "migrated"              // A step of the schema was made.
	OwnerMade    = "owner_made"            // The start made the owner's account that is set.
	Seeded       = "seeded"                // An empty catalogue was filled.
	ExportBroke  = "export_broke"          // A file that was being taken over HTTP was cut off.
	NotSeeded    = "not_seeded"            // A catalogue that has products was left as it is.
	Tracing      = "tracing"               // Traces are sent; one line at the start.
	TraceError   = "traces_not_sent"       // The receiver of traces does not answer; told once a minute at most. Requests do not wait for it.
	NoFigures    = "figures_not_scraped"   // A business figure could not be had in time and is left out of /metrics.
	JobDone      = "job_done"              // A job ended well; at level debug when it recurs.
	JobFailed    = "job_failed"            // A job failed and is tried again, or is dead after its last attempt.
	JobsFailed   = "jobs_not_claimed"      // The runner cannot ask for jobs, or tell how one ended.
	RelayFailed  = "events_not_delivered"  // Events were not taken and come again; shop_outbox_oldest_seconds tells how late they are.
	Event        = "event"                 // A domain event, as its envelope; at level debug.
	SlowQuery    = "slow_query"            // A statement took longer than --slow-query. Its text has no arguments.
	SlowPool     = "slow_pool"             // A connection of a pool was waited for longer than --slow-query.
	DatabaseAway = "database_away"         // The database does not answer; said once, until it does again.
	DatabaseBack = "database_back"         // The database answers again; connections from before are thrown away.
	CommitsAlone = "commits_alone"         // A group of commits met an error that may be one member's, and each is tried alone.
	CommitPanic  = "commit_panic"          // A commit met a defect of the store.
	ReadPanic    = "read_panic"            // A read met a defect of the store.
	NotNotified  = "servers_not_notified"  // Other servers were not told that there are events; they look by themselves.
	NotListening = "servers_not_listening" // News of other servers are not heard for now; this one looks by itself.
	Payment      = "payment_event"         // What became of a payment, from the outbox: name tells what.

	SignInFailed     = "signin_failed"     // Somebody gave credentials that are wrong, or a token that is over.
	SignedIn         = "signed_in"         // A session began.
	LimitReached     = "limit_reached"     // A limit was reached and the request refused.
	RefreshReused    = "refresh_reused"    // A refresh token was shown again after it was replaced: it is in two hands. The session is over.
	PermissionDenied = "permission_denied" // Somebody known asked for what he may not do.
	KeyMade          = "api_key_made"      // An API key was made.
	KeyRevoked       = "api_key_revoked"   // An API key was revoked.
	PasswordChanged  = "password_changed"  // An account has a new password and no session any more.
	AccountChanged   = "account_changed"   // An account was disabled, enabled or closed.
	StaffChanged     = "staff_changed"     // Somebody was added to the staff or has other roles.
	RoleChanged      = "role_changed"      // A role was made, changed or retired.
)
