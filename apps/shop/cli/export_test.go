package cli

// ReadConfig lets a fuzz target in.
var ReadConfig = readConfig
