package sandbox

import "time"

// startTimer makes the session end by itself when nobody goes on with it.
func (v *visit) startTimer() {
	v.touched = v.store.clock.now()
	v.timer = v.store.afterFunc(abandonment, func() {
		if left := v.endWhenAbandoned(); left > 0 { // the user went on at the last moment
			v.timer.Reset(left)
		}
	})
	if v.store.stopped {
		v.timer.Stop()
	}
}

// touch puts off the end of the session.
func (v *visit) touch() {
	v.touched = v.store.clock.now()
	v.setTimer(abandonment)
}

// setTimer sets the timer, unless Close has stopped it.
func (v *visit) setTimer(left time.Duration) {
	if v.timer.Stop() {
		v.timer.Reset(left)
	}
}

// endWhenAbandoned returns how long the session may rest before its end; zero or less when it has ended.
func (v *visit) endWhenAbandoned() (left time.Duration) {
	now := v.store.clock.now()
	if now.Before(v.touched) { // the clock was moved back
		v.touched = now
	}
	left = abandonment - now.Sub(v.touched)
	switch {
	case v.session.ended():
		return 0
	case left <= 0:
		v.leave()
	}
	return left
}

// endAbandoned goes through the sessions when the clock was moved.
func (st *store) endAbandoned() {
	for _, v := range st.visits.all() {
		if left := v.endWhenAbandoned(); left > 0 {
			v.setTimer(left)
		}
	}
}

// stopTimers makes sessions not end by themselves any more.
func (st *store) stopTimers() {
	st.stopped = true
	for _, v := range st.visits.all() {
		v.timer.Stop()
	}
}
