package pack

import "slices"

// WithoutAdvice gives the same pack without one advice, to try whether any example would notice.
func (p *Pack) WithoutAdvice(id string) *Pack {
	less := *p
	less.Advice = shelf("advice", slices.DeleteFunc(slices.Clone(p.Advice.all), func(a Advice) bool { return a.ID == id }), nil)
	return &less
}
