package content

import (
	"waymark/internal/block"
	"waymark/internal/clock"
	"waymark/internal/pack"
	"waymark/internal/web"
)

// paperView is the whole toolkit in one page, to be printed and put in a folder: what each setting does, then the guidance.
type paperView struct {
	Printed, Version, Until string
	Settings                []paperSetting
	Chapters                []paperChapter
}

type paperSetting struct {
	pack.Setting
	Signs []block.Text
	Never []block.Text
	Parts []paperPart
}

type paperPart struct {
	Title string
	Body  block.Body
}

type paperChapter struct {
	ID, Title string
	Summary   block.Text
	Parts     []paperParagraph
}

type paperParagraph struct {
	Body   block.Body // of one part
	Unsure bool
}

// paper shows the toolkit on paper. It is dated, and says until when it may be trusted.
func (c *Content) paper(r *web.Request) (web.Reply, error) {
	refs := c.refs(r)
	view := paperView{Printed: clock.Today(r.Now).Words(), Version: r.Pack.Version()}
	until := clock.Date{}
	sooner := func(a pack.About) {
		if until.IsZero() || a.ReviewBy.Before(until) {
			until = a.ReviewBy
		}
	}
	for _, s := range r.Pack.Settings.All() {
		sooner(s.About)
		view.Settings = append(view.Settings, paperSettingOf(r, s, leadWords(r, s, refs)))
	}
	for _, chapter := range r.Pack.Chapters.All() {
		sooner(chapter.About)
		one := paperChapter{ID: chapter.ID, Title: chapter.Title, Summary: chapter.Summary.Text.Resolve(refs)}
		for _, part := range chapter.Body.Body.Resolve(refs) {
			sure := pack.ParagraphAbout(chapter, part).Certainty.Sure()
			part.Mark.ID = chapter.ID + "-" + part.Mark.ID
			one.Parts = append(one.Parts, paperParagraph{block.Body{part}, !sure && part.Kind != block.Heading})
		}
		view.Chapters = append(view.Chapters, one)
	}
	view.Until = until.Words()
	head := web.Head{Title: r.Say("content.paper"), Section: "guidance", Crumbs: crumbs(r, "guidance")}
	return web.Page(head, paperPage(view)), nil
}

// leadWords says {lead} and {setting} in a setting's own words.
func leadWords(r *web.Request, s pack.Setting, others block.Resolver) block.Resolver {
	return func(to block.Target) block.Text {
		switch {
		case to.Kind == "lead":
			return block.Text{{Words: r.Say("content.paper.your", "lead", s.Lead)}}
		case to.Kind == "setting" && to.ID == "":
			return block.Text{{Words: s.Short}}
		}
		return others(to)
	}
}

func paperSettingOf(r *web.Request, s pack.Setting, refs block.Resolver) paperSetting {
	one := paperSetting{Setting: s}
	for _, sign := range s.Signs {
		one.Signs = append(one.Signs, sign.Says.Text.Resolve(refs))
	}
	for _, line := range s.Never {
		one.Never = append(one.Never, line.Text.Resolve(refs))
	}
	for _, part := range []struct {
		key  string
		body pack.Body
	}{
		{"who", s.Who}, {"inside", s.Inside}, {"others", s.Others}, {"write", s.Write}, {"no-answer", s.NoAnswer},
		{"below", s.BelowThreshold}, {"wait", s.ToldToWait}, {"disagree", s.Disagreement}, {"files", s.Files},
	} {
		one.Parts = append(one.Parts, paperPart{r.Say("content.paper." + part.key), part.body.Body.Resolve(refs)})
	}
	return one
}
