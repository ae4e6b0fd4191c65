package e2e_test

import (
	"bytes"
	"encoding/gob"
	stdjson "encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"regexp"
	"strings"

	"github.com/davecgh/go-spew/spew"
	"github.com/google/go-cmp/cmp"
	"github.com/k0kubun/pp/v3"
	"github.com/kr/pretty"
	"github.com/rs/zerolog"
	"github.com/sanity-io/litter"
	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/assert"
	"github.com/vmihailenco/msgpack/v5"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	goyaml "go.yaml.in/yaml/v3"
	"gopkg.in/yaml.v3"

	"github.com/plaidlink/plaidlink-go/internal/wiretest"
)

// printer makes a text of a value, or, if it encodes, what may be stored. One that compares takes another value besides.
type printer struct {
	name    string
	encodes bool
	print   func(v, other any) (string, error)
}

var printers = []printer{
	{"fmt", false, printing(func(v, _ any) (text string) {
		for _, verb := range wiretest.Verbs {
			text += fmt.Sprintf(verb, v)
		}
		return text
	})},
	{"log/slog, text", false, logging("!ERROR:", func(out *bytes.Buffer, v any) {
		slog.New(slog.NewTextHandler(out, nil)).With("v", v).Info("call", "v", v)
	})},
	{"log/slog, JSON", false, logging("!ERROR:", func(out *bytes.Buffer, v any) {
		slog.New(slog.NewJSONHandler(out, nil)).With("v", v).Info("call", "v", v)
	})},
	{"zap.Any", false, zapped(zap.Any)},
	{"zap.Reflect", false, zapped(zap.Reflect)},
	{"zerolog Any, Interface", false, zerologged(func(e *zerolog.Event, v any) { e.Any("v", v).Interface("w", v) })},
	{"zerolog Stringer", false, func(v, other any) (string, error) {
		if _, ok := v.(fmt.Stringer); !ok {
			return "", errNotTaken
		}
		return zerologged(func(e *zerolog.Event, v any) { e.Stringer("v", v.(fmt.Stringer)) })(v, other)
	}},
	{"logrus, text", false, logrused(&logrus.TextFormatter{})},
	{"logrus, JSON", false, logrused(&logrus.JSONFormatter{})},
	{"testify's diff", false, printing(func(v, other any) string {
		var failed failure
		assert.Equal(&failed, v, other)
		return failed.String()
	})},
	{"go-cmp Diff", false, printing(func(v, other any) string {
		return cmp.Diff(v, other, cmp.Exporter(func(reflect.Type) bool { return true }))
	})},
	{"go-spew", false, printing(func(v, _ any) string { return spew.Sdump(v) + spew.Sprintf("%v %+v %#v", v, v, v) })},
	{"kr/pretty Print", false, printing(func(v, _ any) string { return pretty.Sprint(v) })},
	{"kr/pretty Diff", false, printing(func(v, other any) string {
		return eachByte.ReplaceAllString(strings.Join(pretty.Diff(v, other), "\n"), "$1")
	})},
	{"k0kubun/pp", false, printing(func(v, _ any) string {
		p := pp.New()
		p.SetColoringEnabled(false)
		return p.Sprint(v)
	})},
	{"litter", false, printing(func(v, _ any) string { return litter.Sdump(v) })},

	{"encoding/json", true, encoding(stdjson.Marshal)},
	{"encoding/gob", true, encoding(func(v any) ([]byte, error) {
		var out bytes.Buffer
		err := gob.NewEncoder(&out).Encode(v)
		return out.Bytes(), err
	})},
	{"encoding/xml", true, encoding(xml.Marshal)},
	{"gopkg.in/yaml.v3", true, encoding(yaml.Marshal)},
	{"go.yaml.in/yaml/v3", true, encoding(goyaml.Marshal)},
	{"msgpack", true, encoding(msgpack.Marshal)},
}

// eachByte is a line for one byte that differs, such as "Raw[7]: 100 != 120".
var eachByte = regexp.MustCompile(`\S*\[\d+\]: (\d+) != \S+`)

// errNotTaken is for a value that a function does not take: a call with it does not compile.
var errNotTaken = errors.New("not taken")

func printing(print func(v, other any) string) func(v, other any) (string, error) {
	return func(v, other any) (string, error) { return print(v, other), nil }
}

func encoding(marshal func(any) ([]byte, error)) func(v, other any) (string, error) {
	return func(v, _ any) (string, error) {
		data, err := marshal(v)
		return string(data), err
	}
}

// logging returns what a logger writes. A logger that cannot encode a value writes the mark of a failure, or nothing.
func logging(mark string, log func(*bytes.Buffer, any)) func(v, other any) (string, error) {
	return func(v, _ any) (string, error) {
		var out bytes.Buffer
		log(&out, v)
		if text := out.String(); text == "" || mark != "" && strings.Contains(text, mark) {
			return text, errors.New("the logger cannot encode the value: " + text)
		}
		return out.String(), nil
	}
}

func zapped(field func(string, any) zap.Field) func(v, other any) (string, error) {
	return logging(`"vError"`, func(out *bytes.Buffer, v any) {
		for _, encoder := range []func(zapcore.EncoderConfig) zapcore.Encoder{zapcore.NewConsoleEncoder, zapcore.NewJSONEncoder} {
			core := zapcore.NewCore(encoder(zap.NewProductionEncoderConfig()), zapcore.AddSync(out), zap.DebugLevel)
			zap.New(core).With(field("v", v)).Info("call", field("v", v))
		}
	})
}

func zerologged(add func(*zerolog.Event, any)) func(v, other any) (string, error) {
	return logging("marshaling error", func(out *bytes.Buffer, v any) {
		logger := zerolog.New(zerolog.MultiLevelWriter(out, zerolog.ConsoleWriter{Out: out, NoColor: true}))
		event := logger.Info()
		add(event, v)
		event.Msg("call")
	})
}

func logrused(formatter logrus.Formatter) func(v, other any) (string, error) {
	return logging("", func(out *bytes.Buffer, v any) {
		logger := logrus.New()
		logger.SetOutput(out)
		logger.SetFormatter(formatter)
		logger.WithField("v", v).Info("call")
	})
}

// failure is the text of an assertion that failed.
type failure struct{ strings.Builder }

func (f *failure) Errorf(format string, args ...any) { fmt.Fprintf(f, format, args...) }
