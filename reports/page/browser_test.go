package page_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience is how long a busy machine may take for what takes a moment otherwise.
const patience = 2 * time.Minute

// browser starts a Chromium with one tab for a test, or skips the test where there is none.
func browser(t *testing.T) *tab {
	t.Helper()
	if testing.Short() {
		t.Skip("-short")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: `.ci/setup browser` installs it where it may, which `make test` does")
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(path), chromedp.WSURLReadTimeout(patience)}
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has no sandbox for root
	}
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(options...))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	b := &tab{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.heard); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// tab is a tab of a browser in which one page after the other is shown, with what the browser had to say about the last one.
type tab struct {
	t   *testing.T // that looks at the page
	ctx context.Context
	url string

	mutex    sync.Mutex
	messages []string
	requests []string
}

// view is how somebody looks at a page.
type view struct {
	width, height int64
	dark          bool
}

// open shows a page, from a file, with all its charts drawn.
func (b *tab) open(t *testing.T, html []byte, v view) *tab {
	t.Helper()
	b.load(t, html, v)
	ask[bool](b, `invitesim.drawAll(), true`)
	return b
}

// load shows a page, from a file, as its readers see it.
func (b *tab) load(t *testing.T, html []byte, v view) *tab {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if err := os.WriteFile(file, html, 0o644); err != nil {
		t.Fatal(err)
	}
	b.mutex.Lock()
	b.t, b.url = t, (&url.URL{Scheme: "file", Path: file}).String()
	b.messages, b.requests = nil, nil
	b.mutex.Unlock()
	b.media("", v.dark)
	b.do(chromedp.EmulateViewport(v.width, v.height), chromedp.Navigate(b.url))
	b.wait(`!!window.invitesim`)
	return b
}

// media shows the page on screen (""), or as it is printed.
func (b *tab) media(media string, dark bool) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	_, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: media, Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// heard notes messages and requests.
func (b *tab) heard(event any) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.messages = append(b.messages, fmt.Sprintf("exception: %s", e.ExceptionDetails.Text))
	case *runtime.EventConsoleAPICalled:
		b.messages = append(b.messages, fmt.Sprintf("console: %s", e.Type))
	case *log.EventEntryAdded:
		b.messages = append(b.messages, fmt.Sprintf("%s: %s", e.Entry.Level, e.Entry.Text))
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// quiet wants that the page asked for nothing but itself, and that there was nothing to complain about.
func (b *tab) quiet() {
	b.t.Helper()
	b.mutex.Lock()
	defer b.mutex.Unlock()
	for _, message := range b.messages {
		b.t.Errorf("the console says %s", message)
	}
	own := 0
	for _, request := range b.requests {
		switch {
		case request == b.url:
			own++
		case !strings.HasPrefix(request, "data:"):
			b.t.Errorf("the page asks for %s", request)
		}
	}
	if own != 1 {
		b.t.Errorf("the page itself was asked for %d times: the requests were not seen", own)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// ask returns what an expression of the page's language is.
func ask[T any](b *tab, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return value
}

// wait waits until an expression is true.
func (b *tab) wait(expression string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(patience))(ctx, target)
		return err
	}))
}

// frame waits until the browser has drawn what changed.
func (b *tab) frame() {
	b.t.Helper()
	_, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](
		`new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
}
