package library

import (
	"waymark/internal/pack"
	"waymark/internal/web"
)

// schemaTypes are the names that schema.org has for kinds of resource.
var schemaTypes = map[string]string{
	"guidance": "Guide", "report": "Report", "research": "ScholarlyArticle", "law": "Legislation", "statistics": "Dataset",
	"training": "LearningResource", "poster": "Poster", "form": "DigitalDocument", "press": "NewsArticle", "audio-visual": "VideoObject",
}

// licences are the addresses of the licences that records name.
var licences = map[string]string{
	"OGL-UK-3.0": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
	"CC-BY-4.0":  "https://creativecommons.org/licenses/by/4.0/",
	"MIT":        "https://opensource.org/license/mit",
}

// linked describes a record to machines, by the words of schema.org.
func linked(r *web.Request, record pack.Record) any {
	about := map[string]any{
		"@context": "https://schema.org", "@type": named(schemaTypes, record.Kind, "CreativeWork"), "@id": r.Address(path(record)),
		"name": record.Title, "abstract": abstract(r.Pack, record), "identifier": record.ID,
		"publisher":        map[string]string{"@type": "Organization", "name": record.Publisher},
		"mainEntityOfPage": r.Address(path(record)), "creativeWorkStatus": label(r, "state", record.State),
		"sdDatePublished": record.Reviewed.String(), "isAccessibleForFree": true,
	}
	put := func(name string, value any, known bool) {
		if known {
			about[name] = value
		}
	}
	put("datePublished", record.Published, record.Published != "")
	put("url", record.Where, record.Where != "")
	put("inLanguage", record.Languages, len(record.Languages) > 0)
	put("license", licences[record.Licence], licences[record.Licence] != "")
	put("spatialCoverage", labels(r, "nation", record.Nations), len(record.Nations) > 0)
	var audience []map[string]string
	for _, who := range record.Audience {
		audience = append(audience, map[string]string{"@type": "Audience", "audienceType": who})
	}
	put("audience", audience, len(audience) > 0)
	var newer []string
	for _, next := range replacedBy(r.Pack, record) {
		newer = append(newer, r.Address(next.Href))
	}
	put("supersededBy", newer, len(newer) > 0)
	return about
}
