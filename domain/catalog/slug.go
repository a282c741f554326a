package catalog

import (
	"strconv"

	"github.com/ipswich-retail/commerce/domain/fault"
)

// slugTries bounds how many numbers are tried behind a slug that is taken; there are seldom more than a few of one name.
const slugTries = 100

// freeSlug gives the slug, or it with the first number behind it that is free.
func freeSlug(slug string, free func(slug string) (bool, error)) (string, error) {
	stem := slug
	for n := 2; n < slugTries; n++ {
		if ok, err := free(slug); ok || err != nil {
			return slug, err
		}
		end := "-" + strconv.Itoa(n)
		slug = stem[:min(len(stem), SlugMax-len(end))] + end
	}
	return slug, nil
}

// absent tells whether a read found nothing.
func absent[T any](_ T, err error) (bool, error) {
	if err == nil {
		return false, nil
	}
	if fault.KindOf(err) == fault.NotFound {
		return true, nil
	}
	return false, err
}
