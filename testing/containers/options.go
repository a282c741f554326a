package containers

// Option changes a server of NewPostgres.
type Option func(*config)

type config struct {
	private  bool
	settings []string // Each "name=value"; a later one wins.
}

func defaults() config {
	return config{settings: []string{
		"max_connections=300", // Parallel tests, each with pools of its own.
		"timezone=UTC", "log_timezone=UTC",
	}}
}

// Setting sets one of PostgreSQL's settings, as in postgresql.conf: Setting("max_connections", "20").
func Setting(name, value string) Option {
	return func(c *config) { c.settings = append(c.settings, name+"="+value) }
}

// Durable tells whether the server writes before it answers, as it does unless this says false. One that does not is for
// suites that measured that they need it: it may lose everything when it is killed.
func Durable(on bool) Option {
	value := "off"
	if on {
		value = "on"
	}
	return func(c *config) {
		for _, name := range []string{"fsync", "synchronous_commit", "full_page_writes"} {
			Setting(name, value)(c)
		}
	}
}
