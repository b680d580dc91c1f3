package account

import (
	"strings"

	"waymark/internal/web"
)

// named finds the first of these that a browser says of itself. The order matters: many say that they are others, too.
func named(says string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.Contains(says, pairs[i]) {
			return pairs[i+1]
		}
	}
	return ""
}

// deviceWords says in words which browser somebody uses, so that they know their sessions apart. A browser can say what
// it likes of itself, so nothing depends on it.
func deviceWords(r *web.Request) string {
	says := r.UserAgent()
	browser := named(says, "Edg", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "FxiOS", "Firefox", "CriOS", "Chrome", "Chromium", "Chromium",
		"Chrome/", "Chrome", "Safari/", "Safari")
	system := named(says, "Windows", "Windows", "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Mac OS X", "Mac", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case browser == "" && system == "":
		return r.Say("account.device.unknown")
	case system == "":
		return browser
	case browser == "":
		return system
	}
	return r.Say("account.device", "browser", browser, "system", system)
}
