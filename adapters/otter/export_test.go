package otter

// Tidy waits until what exceeds the bound is gone.
func (c *Cache) Tidy() { c.entries.CleanUp() }
