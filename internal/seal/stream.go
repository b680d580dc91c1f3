package seal

import (
	"io"

	"github.com/tink-crypto/tink-go/v2/streamingaead/subtle"
)

// segment is how much of a stream is sealed at once, and so how much memory one takes.
const segment = 64 << 10

// SealStream encrypts what is written to it into w, for content too large for memory. Close ends the stream and leaves w
// open; a stream that was not closed does not open to its end.
func (k Key) SealStream(l Label, w io.Writer) (io.WriteCloser, error) {
	stream, err := k.stream()
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte{version}); err != nil {
		return nil, err
	}
	return stream.NewEncryptingWriter(w, l.bytes())
}

// OpenStream decrypts what SealStream wrote under the same label. Each piece is checked before it is given, and the last
// one says that it is the last: a stream that was cut, lengthened or re-ordered ends in Broken instead of io.EOF. So
// whoever shows what came first must be ready to take it back.
func (k Key) OpenStream(l Label, r io.Reader) (io.Reader, error) {
	stream, err := k.stream()
	if err != nil {
		return nil, err
	}
	below := &watched{r: r}
	var first [1]byte
	if _, err := io.ReadFull(below, first[:]); err != nil || first[0] != version {
		return nil, below.orBroken()
	}
	plain, err := stream.NewDecryptingReader(below, l.bytes())
	if err != nil {
		return nil, below.orBroken()
	}
	return &opened{plain: plain, below: below}, nil
}

func (k Key) stream() (*subtle.AESGCMHKDF, error) {
	if k.IsZero() {
		return nil, NoKey
	}
	return subtle.NewAESGCMHKDF(derive(k.held().root[:], "stream"), "SHA256", keyBytes, segment, 0)
}

// watched remembers why reading failed, so that a bad disk is not taken for a bad seal.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

func (w *watched) orBroken() error {
	if w.err != nil {
		return w.err
	}
	return Broken
}

type opened struct {
	plain io.Reader
	below *watched
	err   error // stays: after a fault nothing more is given
}

func (o *opened) Read(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.plain.Read(p)
	switch {
	case err == nil:
	case err == io.EOF: // only so: a wrapped one is a cut stream
		o.err = io.EOF
	default:
		o.err = o.below.orBroken()
	}
	return n, o.err
}
