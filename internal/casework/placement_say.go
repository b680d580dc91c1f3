package casework

import (
	"context"

	"waymark/internal/web"
)

// sayIf is a line of the words, or nothing.
func sayIf(ctx context.Context, key string) string {
	if key == "" {
		return ""
	}
	return web.Say(ctx, key)
}
