package acts_test

import (
	"net/http"

	"secretariat/acts"
	"secretariat/web"
)

// The pages stand above the acts: tests of the acts get at them through this file, which is compiled outside the package.
var _ = func() bool {
	acts.Pages = func(a *acts.Acts) http.Handler { return web.Handler(a, web.Options{}) }
	return true
}()
