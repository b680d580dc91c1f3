package site_test

import "testing"

// TestASignSaysHowSureEachSettingsOwnWordsAre keeps a doubt of one setting from hiding behind the shared sign.
func TestASignSaysHowSureEachSettingsOwnWordsAre(t *testing.T) {
	p, _ := shipped(t)
	house := open(t, afternoon)
	for _, setting := range p.Settings.All() {
		for _, sign := range setting.Signs {
			if sign.Doubt == "" || sign.Certainty.Sure() {
				continue
			}
			if page := house.Get("/signs/" + sign.Indicator); !page.Has(sign.Doubt) {
				t.Errorf("/signs/%s does not say of %s: %s", sign.Indicator, sign.ID, sign.Doubt)
			}
			break // one of each setting is enough
		}
	}
}
