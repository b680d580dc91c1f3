package web

import "github.com/a-h/templ"

// sample is one component with the name that it has among us.
type sample struct {
	name  string
	shows templ.Component
}

// samples lists every component. A component that is not here does not exist.
func samples() []sample {
	return []sample{
		{"Skip link", skipSample()}, {"Exit this page", exitSample()}, {"Breadcrumbs", crumbsSample()}, {"Back", backSample()},
		{"Error summary", summarySample()}, {"Door", doorSample()}, {"Button", buttonSample()}, {"Call button", callSample()},
		{"Contact card", contactSample()}, {"Search box", findSample()}, {"Facets", facetSample()}, {"Radio buttons", radiosSample()},
		{"Tick boxes", checkboxesSample()}, {"Question of a form", questionSample()}, {"Day in parts", daySample()}, {"Reason for no answer, and why we ask", gapSample()},
		{"Select", selectSample()}, {"Input", inputSample()}, {"Text area", textareaSample()},
		{"Inset and notice", insetSample()}, {"Details", detailsSample()}, {"Summary list", rowsSample()},
		{"Written content", bodySample()}, {"Ready to copy and print", keepSample()}, {"Pagination", pagesSample()},
	}
}

func showComponents(*Request) (Reply, error) {
	return Page(Head{Title: "Components", Exit: true, Crumbs: []Crumb{{"Home", "/"}}}, componentsPage(samples())), nil
}
