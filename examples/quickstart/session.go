package main

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

const maxName = 40

// signIn takes anybody's word for who they are: put your own sign-in in its place.
func (a *app) signIn(w http.ResponseWriter, r *http.Request) {
	name := strings.Join(strings.Fields(r.PostFormValue("name")), " ")
	if name == "" || utf8.RuneCountInString(name) > maxName || strings.ContainsFunc(name, unprintable) {
		a.page(w, http.StatusBadRequest, "sign-in.html", "Please type a name of 1 to 40 characters.")
		return
	}
	old := ""
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		old = cookie.Value
	}
	cookie, err := a.store.signIn(r.Context(), name, old)
	if err != nil {
		a.fail(w, r, err)
		return
	}
	a.setCookie(w, sessionCookie, cookie, sessionLifetime)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (a *app) signOut(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		if err := a.store.signOut(r.Context(), cookie.Value); err != nil {
			a.fail(w, r, err)
			return
		}
	}
	a.setCookie(w, sessionCookie, "", -time.Second)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// signedIn calls next with the user; a browser without a session is sent to the sign-in.
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
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return user{}, false, nil
	}
	return a.store.userOf(r.Context(), cookie.Value)
}

const (
	sessionCookie = "quickstart_session"
	noticeCookie  = "quickstart_notice"
	warningCookie = "quickstart_warning"
)

// setCookie sets a cookie, or with a negative lifetime deletes it. SameSite is Lax, not Strict, so that a user who comes back
// from Plaid's page is still signed in.
func (a *app) setCookie(w http.ResponseWriter, name, value string, lifetime time.Duration) {
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(lifetime.Seconds()),
		HttpOnly: true, Secure: a.secure(), SameSite: http.SameSiteLaxMode,
	})
}

// setNotice has the next page show a text, once: as a success with noticeCookie, as a warning with warningCookie.
func (a *app) setNotice(w http.ResponseWriter, cookie, text string) {
	a.setCookie(w, cookie, base64.URLEncoding.EncodeToString([]byte(text)), time.Minute)
}

// takeNotice returns the text that setNotice left for this page, if any.
func (a *app) takeNotice(w http.ResponseWriter, r *http.Request, name string) string {
	cookie, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	a.setCookie(w, name, "", -time.Second)
	text, _ := base64.URLEncoding.DecodeString(cookie.Value) // what does not decode is not shown
	return string(text)
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) || r == utf8.RuneError }
