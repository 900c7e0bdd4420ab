package expression

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A term is a number, a variable, or an operation on other terms.
type term struct {
	op   string // the name of an operation; "" for a number or a variable
	args []*term
	name string // of a variable
	num  float64
}

// most is the number of terms that an expression may have.
const most = 60

// parse reads an expression such as sigmoid(w*x + b)^2. The operators are + - * / ^ and @, the matrix product.
func parse(text string) (*term, error) {
	p := &parser{text: text}
	p.next()
	t, err := p.sum()
	if err == nil && p.token != "" {
		err = p.unexpected("an operator or the end")
	}
	return t, err
}

type parser struct {
	text  string
	at    int // after the token
	token string
	terms int
	depth int // of parentheses and signs
}

// next reads a token, "" at the end.
func (p *parser) next() {
	for p.at < len(p.text) && strings.ContainsRune(" \t\n", rune(p.text[p.at])) {
		p.at++
	}
	from := p.at
	for p.at < len(p.text) && (letter(p.text[p.at]) || digit(p.text[p.at])) {
		p.at++
		if c := p.text[p.at-1]; (c == 'e' || c == 'E') && digit(p.text[from]) && p.at < len(p.text) && strings.ContainsRune("+-", rune(p.text[p.at])) {
			p.at++ // the sign of an exponent, as in 1e-3
		}
	}
	if p.at == from {
		_, size := utf8.DecodeRuneInString(p.text[p.at:])
		p.at += size
	}
	p.token = p.text[from:p.at]
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
func digit(c byte) bool  { return '0' <= c && c <= '9' || c == '.' }

func (p *parser) unexpected(want string) error {
	got := fmt.Sprintf("%q at position %d", p.token, utf8.RuneCountInString(p.text[:p.at-len(p.token)])+1)
	if p.token == "" {
		got = "the end"
	}
	return fmt.Errorf("expression: got %s, want %s", got, want)
}

// add makes a term, unless there are too many.
func (p *parser) add(t term) (*term, error) {
	if p.terms++; p.terms > most {
		return nil, fmt.Errorf("expression: got more than %d terms, want a shorter one", most)
	}
	return &t, nil
}

func (p *parser) sum() (*term, error) {
	return p.left(p.product, map[string]string{"+": "add", "-": "sub"})
}

func (p *parser) product() (*term, error) {
	return p.left(p.sign, map[string]string{"*": "mul", "/": "div", "@": "matmul"})
}

// left reads terms between operators that are applied from left to right.
func (p *parser) left(part func() (*term, error), operators map[string]string) (*term, error) {
	t, err := part()
	for err == nil && operators[p.token] != "" {
		op := operators[p.token]
		p.next()
		var right *term
		if right, err = part(); err == nil {
			t, err = p.add(term{op: op, args: []*term{t, right}})
		}
	}
	return t, err
}

func (p *parser) sign() (*term, error) {
	if p.depth++; p.depth > most {
		return nil, fmt.Errorf("expression: got more than %d parentheses and signs around a term, want fewer", most)
	}
	defer func() { p.depth-- }()
	if p.token != "-" {
		return p.power()
	}
	p.next()
	t, err := p.sign()
	if err != nil {
		return nil, err
	}
	return p.add(term{op: "neg", args: []*term{t}})
}

func (p *parser) power() (*term, error) {
	base, err := p.atom()
	if err != nil || p.token != "^" {
		return base, err
	}
	p.next()
	exponent, err := p.sign()
	if err != nil {
		return nil, err
	}
	return p.add(term{op: "pow", args: []*term{base, exponent}})
}

func (p *parser) atom() (*term, error) {
	token := p.token
	switch {
	case token == "(":
		p.next()
		return p.closed(p.sum())
	case token != "" && digit(token[0]):
		v, err := strconv.ParseFloat(token, 64)
		if err != nil {
			return nil, p.unexpected("a number")
		}
		p.next()
		return p.add(term{num: v})
	case token != "" && letter(token[0]):
		if !isName(token) {
			return nil, p.unexpected("a name of letters and digits")
		}
		p.next()
		if p.token != "(" {
			return p.add(term{name: token})
		}
		return p.call(token)
	}
	return nil, p.unexpected("a number, a variable, a function or (")
}

// closed reads a closing parenthesis after a term.
func (p *parser) closed(t *term, err error) (*term, error) {
	if err == nil && p.token != ")" {
		err = p.unexpected(")")
	}
	p.next()
	return t, err
}

// call reads the arguments of a function.
func (p *parser) call(name string) (*term, error) {
	f, ok := operations[name]
	if !ok || f.symbol {
		return nil, fmt.Errorf("expression: got the function %q, want one of %s", name, strings.Join(functions(), ", "))
	}
	t := term{op: name}
	for range f.arity {
		p.next() // the parenthesis or the comma
		a, err := p.sum()
		if err != nil {
			return nil, err
		}
		t.args = append(t.args, a)
		if len(t.args) < f.arity && p.token != "," {
			return nil, p.unexpected(", and another argument of " + name)
		}
	}
	return p.closed(p.add(t))
}
