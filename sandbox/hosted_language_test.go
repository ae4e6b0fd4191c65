package sandbox_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/plaidlink/plaidlink-go/gen"
)

// names are texts that are the same in every language.
var names = regexp.MustCompile(`^(Example App|(Plaid|First|Tattersall|Tartan|Houndstooth|Platypus|Unhealthy) [A-Z4].*|Sandbox:|[a-z.]+\.example|` +
	`[A-Z_]{2,}|(user|pass)_good|ira|401k|zebra|tartan|E|[^\pL]*)$`)

func TestHostedSpeaksTheLanguageOfTheToken(t *testing.T) {
	server, client := start(t)
	walk := func(language string) (texts []string) {
		req := pageRequest()
		req.Language, req.HostedLink.CompletionRedirectURI = language, ""
		req.Products = []gen.Products{
			gen.ProductsAuth, gen.ProductsIdentity, gen.ProductsTransactions, gen.ProductsLiabilities, gen.ProductsInvestments, gen.ProductsAssets,
			gen.ProductsTransfer, gen.ProductsStatements,
		}
		req.EnableMultiItemLink = new(true)
		link := create(t, client, req).HostedLinkURL
		v := visit(t, server, link)
		look := func() { texts = append(texts, v.page.texts...) }
		look()
		v.press("next")
		look()
		v.press("search", "query", "zebra")
		look()
		v.press("search", "query", "tartan")
		look()
		v.press("next", "institution", "ins_109511").signIn("user_good", "pass_bad")
		look()
		v.signIn("user_locked", "pass_good")
		look()
		v.signIn("user_good", "error_INSTITUTION_DOWN")
		look()
		v.signIn("user_good", "error_OTHER")
		look()
		v.signIn("user_good", "pass_good")
		look()
		v.press("next")
		look()
		v.press("next", "account", v.account("Plaid Checking"))
		look()
		v.press("more").press("next", "institution", "ins_127287")
		look()
		v.press("deny")
		look()
		v.press("exit")
		look()
		v.open(link)
		look()

		payment := paymentRequest()
		payment.Language, payment.HostedLink = language, &gen.LinkTokenCreateHostedLink{}
		v.open(create(t, client, payment).HostedLinkURL)
		look()
		v.choose("ins_109508").signIn("user_good", "pass_good")
		look()
		v.press("exit")
		look()

		update := updateRequest(linked(t, server, client, "ins_132363"))
		update.Language = language
		link = create(t, client, update).HostedLinkURL
		v.open(link)
		look()
		v.press("next")
		look()
		server.Advance(31 * time.Minute)
		v.open(link)
		look()
		return texts
	}
	english := walk("en")
	for language, texts := range map[string][]string{"es": walk("es"), "fr": walk("fr")} {
		require.Len(t, texts, len(english), "the pages are the same")
		for _, text := range texts {
			require.False(t, slices.Contains(english, text) && !names.MatchString(text), "%s: %q is English", language, text)
		}
		require.Contains(t, strings.Join(texts, " "), "platypus.example")
	}
	require.Equal(t, english, walk("de"), "another language is English")
}
