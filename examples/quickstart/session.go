package main

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxName = 40

// signIn takes a name for who somebody is: put your own sign-in in its place.
func (a *app) signIn(w http.ResponseWriter, r *http.Request) {
	name := strings.Join(strings.Fields(r.PostFormValue("name")), " ")
	if name == "" || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, unprintable) {
		a.page(w, http.StatusBadRequest, "sign-in.html", "Please type a name of 1 to 40 letters.")
		return
	}
	cookie, err := a.store.signIn(r.Context(), name)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.setCookie(w, cookie, int(sessionLifetime.Seconds()))
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) signOut(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		if err := a.store.signOut(r.Context(), cookie.Value); err != nil {
			a.fail(w, r, err)
			return
		}
	}
	a.setCookie(w, "", -1)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// signedIn calls next with the user; without one it shows the sign-in.
func (a *app) signedIn(next func(http.ResponseWriter, *http.Request, user)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		u, ok, err := a.user(r)
		switch {
		case err != nil:
			a.fail(w, r, err)
		case !ok:
			http.Redirect(w, r, "/", http.StatusSeeOther)
		default:
			next(w, r, u)
		}
	}
}

func (a *app) user(r *http.Request) (user, bool, error) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return user{}, false, nil
	}
	return a.store.userOf(r.Context(), cookie.Value)
}

const cookieName = "quickstart_session"

// setCookie: SameSite is Lax, not Strict, so that a user who comes back from Plaid's page is still signed in.
func (a *app) setCookie(w http.ResponseWriter, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: a.secure(), SameSite: http.SameSiteLaxMode,
	})
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }
