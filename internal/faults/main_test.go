package faults_test

import (
	"os"
	"testing"

	"github.com/plaidlink/plaidlink-go/internal/faults"
)

func TestMain(m *testing.M) { os.Exit(faults.Main(m)) }
