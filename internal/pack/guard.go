package pack

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// What a file may be before a parser sees it. YAML parsers are hungry on hostile input: a megabyte of
// open brackets does not end in 25 seconds, and eight lines of aliases unfold to gigabytes.
const (
	largestFile = 128 << 10
	deepestFile = 32
	mostFiles   = 500
	longestLine = 8_000  // 128 kB of < in one line took the lexer four seconds
	mostKeys    = 1_000  // of one mapping: the parser copies all keys before each new one
	mostTokens  = 60_000 // of one file: a token takes about 500 bytes in memory
)

// guard refuses a file that is too deep, not UTF-8, or uses anchors, aliases, tags or several documents.
func guard(name string, source []byte) *Fault {
	if at := badByte(source); at >= 0 {
		line := 1 + bytes.Count(source[:at], []byte("\n"))
		column := at - bytes.LastIndexByte(source[:at], '\n')
		return &Fault{Place{File: name, Line: line, Column: column}, "holds a byte that is not UTF-8 text; save the file as UTF-8"}
	}
	if line, length := tooLong(source); line > 0 {
		return &Fault{Place{File: name, Line: line, Column: longestLine}, fmt.Sprintf("has a line of %d characters; a line may have %d, so break it, in YAML below a |", length, longestLine)}
	}
	if strings.HasSuffix(name, "ids.txt") {
		return nil // a plain list, which no parser sees
	}
	if line := tooManyKeys(source); line > 0 {
		return &Fault{Place{File: name, Line: line, Column: 1}, fmt.Sprintf("holds more than %d keys one below the other; write items of a list, each with a dash", mostKeys)}
	}
	if line := tooDeep(source); line > 0 {
		return &Fault{Place{File: name, Line: line, Column: 1}, fmt.Sprintf("stands deeper than %d levels; write it flatter", deepestFile)}
	}
	return nil
}

// badByte gives the place of the first byte that is not text, or -1.
func badByte(source []byte) int {
	for i := 0; i < len(source); {
		r, size := utf8.DecodeRune(source[i:])
		if r == utf8.RuneError && size == 1 || r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0xFEFF {
			return i
		}
		i += size
	}
	return -1
}

// tooLong gives the first line that is longer than a line may be, or 0.
func tooLong(source []byte) (line, length int) {
	for number, line := range bytes.Split(source, []byte("\n")) {
		if len(line) > longestLine {
			return number + 1, len(line)
		}
	}
	return 0, 0
}

// tooManyKeys gives the first line with more keys above it, at the same distance from the edge and without a dash
// between them, than a mapping may have, or 0. It counts lines of text that look like keys too.
func tooManyKeys(source []byte) int {
	counts := map[int]int{}
	for number, line := range bytes.Split(source, []byte("\n")) {
		rest := bytes.TrimLeft(line, " ")
		if len(rest) == 0 {
			continue
		}
		indent := len(line) - len(rest)
		for deeper := range counts {
			if deeper > indent {
				delete(counts, deeper)
			}
		}
		if rest[0] == '-' || !bytes.Contains(rest, []byte(":")) && rest[0] != '?' {
			continue
		}
		if counts[indent]++; counts[indent] > mostKeys {
			return number + 1
		}
	}
	return 0
}

// tooDeep gives the first line that stands deeper than it may, or 0. It counts more than YAML would:
// brackets inside texts count too, but only those left open.
func tooDeep(source []byte) int {
	var indents []int
	brackets := 0
	for number, line := range strings.Split(string(source), "\n") {
		rest := strings.TrimLeft(line, " ")
		indent := len(line) - len(rest)
		for len(indents) > 0 && indents[len(indents)-1] >= indent && rest != "" {
			indents = indents[:len(indents)-1]
		}
		if rest != "" {
			indents = append(indents, indent)
		}
		for len(rest) > 1 && (rest[0] == '-' || rest[0] == '?' || rest[0] == ':') && rest[1] == ' ' {
			trimmed := strings.TrimLeft(rest[1:], " ")
			indent += len(rest) - len(trimmed)
			rest = trimmed
			indents = append(indents, indent)
		}
		for _, c := range rest {
			switch c {
			case '[', '{':
				brackets++
			case ']', '}':
				brackets = max(0, brackets-1)
			}
			if len(indents)+brackets > deepestFile {
				return number + 1
			}
		}
		if len(indents)+brackets > deepestFile {
			return number + 1
		}
	}
	return 0
}

// plainTokens cuts a file into tokens, and refuses what a pack has no use for and a hostile file has.
func plainTokens(name string, source []byte) (token.Tokens, *Fault) {
	documents := 0
	tokens := lexer.Tokenize(string(source))
	if len(tokens) > mostTokens {
		return nil, &Fault{placeOf(name, tokens[mostTokens]), fmt.Sprintf("holds more than %d words and signs up to here; cut the file in two", mostTokens)}
	}
	for _, t := range tokens {
		says := ""
		switch t.Type {
		case token.AnchorType:
			says = "has words that begin with &; put them in quotes (YAML's anchors are not taken)"
		case token.AliasType:
			says = "has words that begin with *; put them in quotes (YAML's aliases are not taken)"
		case token.MergeKeyType:
			says = "has the key <<; write the keys out instead (YAML's merge keys are not taken)"
		case token.TagType:
			says = "has words that begin with !; put them in quotes (YAML's tags are not taken)"
		case token.DocumentHeaderType:
			if documents++; documents > 1 || t.Position.Line > 1 {
				says = "holds more than one document (---); put each in a file of its own"
			}
		case token.DocumentEndType:
			says = "has a line of three dots; take the line out, or put the words in quotes"
		case token.DirectiveType:
			says = "begins with %; take the line out, or put its words in quotes"
		}
		if says != "" {
			return nil, &Fault{placeOf(name, t), says}
		}
	}
	return tokens, nil
}
