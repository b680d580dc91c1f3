package house

import (
	"go/ast"
	"testing"
)

// web.New refuses a route without a permission when the program starts; this tells it while the code is written.
func TestEveryRouteStatesItsPermission(t *testing.T) {
	routes := 0
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 3 {
				return true
			}
			made, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || made.Sel.Name != "Get" && made.Sel.Name != "Post" {
				return true
			}
			if from, ok := made.X.(*ast.Ident); !ok || from.Name != "web" {
				return true
			}
			routes++
			if !namesPermission(call.Args[1]) {
				t.Errorf("%s: the route should name its permission where it stands, such as access.Anyone", s.at(call.Pos()))
			}
			return true
		})
	}
	if routes < 10 {
		t.Fatalf("only %d routes were found: the test looks in the wrong place", routes)
	}
}

func namesPermission(e ast.Expr) bool {
	selector, ok := e.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	from, ok := selector.X.(*ast.Ident)
	return ok && from.Name == "access"
}
