package exchange

type wooIndex struct{}

func readWoo(p *pass) error   { return nil }
func readOwn(p *pass) error   { return nil }
func readLines(p *pass) error { return nil }
