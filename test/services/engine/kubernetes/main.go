// The Kubernetes provider as a plugin. Its own command embeds files that its module does not have;
// a schema with nothing but the name is enough for a program that brings its SDK.
package main

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// The version of the npm package that asks for this plugin; set by the build.
var version string

func main() {
	schema := fmt.Sprintf(`{"name":"kubernetes","version":%q}`, version)
	provider.Serve("kubernetes", version, []byte(schema), []byte("{}"))
}
