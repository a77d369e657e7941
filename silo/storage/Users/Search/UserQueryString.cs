using System.Collections.Immutable;
using System.Text;

namespace OrleansAuth.Storage.Users.Search;

/// <summary>
/// Reads the query language of searches: words and <c>"phrases"</c>, <c>field:value</c>, <c>*</c> and <c>?</c> as wildcards,
/// <c>field:[a TO b]</c> with curly brackets where an end is left out, <c>AND</c>, <c>OR</c>, <c>NOT</c> (also
/// <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, <c>-</c>, <c>+</c>) and parentheses. NOT binds closest, then AND; what stands side by side means AND.
/// </summary>
public ref struct UserQueryString
{
    /// <summary>In UTF-16 characters; longer queries are refused.</summary>
    public const int MaximumLength = 4096;

    private const int MaximumDepth = 24;
    private const int MaximumTerms = 100;
    private const int MaximumTermLength = 256;

    private readonly ReadOnlySpan<char> _text;
    private readonly Func<string, UserField> _named;
    private int _at;
    private int _depth;
    private int _terms;

    private UserQueryString(ReadOnlySpan<char> text, Func<string, UserField> named)
    {
        _text = text;
        _named = named;
    }

    /// <param name="named">The field of a name; those of users unless given.</param>
    /// <exception cref="UserQueryException">The query cannot be understood, or is too long or too deep.</exception>
    public static UserFilter Parse(string query, Func<string, UserField>? named = null)
    {
        if (query.Length > MaximumLength) throw new UserQueryException($"The query may have at most {MaximumLength} characters.");
        var parser = new UserQueryString(query, named ?? UserField.Named);
        parser.SkipBlanks();
        if (parser.AtEnd) return UserFilter.Everybody;
        var filter = parser.Either();
        if (!parser.AtEnd) throw new UserQueryException("The query has a closing parenthesis without an opening one.");
        return filter;
    }

    private readonly bool AtEnd => _at >= _text.Length;

    private UserFilter Either()
    {
        if (++_depth > MaximumDepth) throw new UserQueryException($"The query may be nested at most {MaximumDepth} deep.");
        var parts = ImmutableArray.CreateBuilder<UserFilter>();
        do parts.Add(Both());
        while (Take("OR") || Take("||"));
        _depth--;
        return parts.Count == 1 ? parts[0] : new UserFilter.Some(parts.ToImmutable());
    }

    private UserFilter Both()
    {
        var parts = ImmutableArray.CreateBuilder<UserFilter>();
        while (true)
        {
            parts.Add(Part());
            SkipBlanks();
            if (Take("AND") || Take("&&")) continue;
            if (AtEnd || _text[_at] == ')' || Sees("OR") || Sees("||")) break;
        }

        return parts.Count == 1 ? parts[0] : new UserFilter.All(parts.ToImmutable());
    }

    private UserFilter Part()
    {
        var negated = false;
        while (true)
        {
            SkipBlanks();
            if (Take("NOT") || TakeMark('!') || TakeMark('-')) negated = !negated;
            else if (!TakeMark('+')) break;
        }

        var part = Term();
        return negated ? new UserFilter.Not(part) : part;
    }

    private UserFilter Term()
    {
        SkipBlanks();
        if (AtEnd || Sees("AND") || Sees("OR") || Sees("&&") || Sees("||")) throw new UserQueryException("The query lacks a term beside AND, OR or NOT.");
        if (++_terms > MaximumTerms) throw new UserQueryException($"The query may have at most {MaximumTerms} terms.");
        if (_text[_at] == '(') return Parentheses();
        if (_text[_at] == '"') return new UserFilter.Anywhere(new TextPattern(Quoted().ToLowerInvariant(), Wild: false));
        var word = Word(stopAtColon: true, out var wild);
        if (AtEnd || _text[_at] != ':') return wild && word == "*" ? UserFilter.Everybody : new UserFilter.Anywhere(new TextPattern(word.ToLowerInvariant(), wild));
        _at++;
        return OfField(word);
    }

    private UserFilter Parentheses()
    {
        _at++;
        var inner = Either();
        SkipBlanks();
        if (AtEnd || _text[_at] != ')') throw new UserQueryException("The query has an opening parenthesis without a closing one.");
        _at++;
        return inner;
    }

    private UserFilter OfField(string name)
    {
        SkipBlanks();
        if (name == "*") return Term();
        if (name == "_exists_") return new UserFilter.Exists(_named(Word(stopAtColon: false, out _)));
        var field = _named(name);
        if (AtEnd) throw new UserQueryException($"[{name}:] has no value.");
        if (_text[_at] is '[' or '{') return Range(field);
        if (_text[_at] is '<' or '>') return Comparison(field);
        if (_text[_at] == '(') return AnyOf(field);
        if (_text[_at] == '"') return UserFilters.Match(field, Quoted(), wild: false);
        var word = Word(stopAtColon: false, out var wild);
        return wild && word == "*" ? new UserFilter.Exists(field) : UserFilters.Match(field, word, wild);
    }

    /// <summary><c>field:(a OR b)</c>: any of the words, whatever stands between them.</summary>
    private UserFilter.Some AnyOf(UserField field)
    {
        _at++;
        var parts = ImmutableArray.CreateBuilder<UserFilter>();
        while (true)
        {
            SkipBlanks();
            if (AtEnd) throw new UserQueryException("The query has an opening parenthesis without a closing one.");
            if (_text[_at] == ')') break;
            if (Take("OR") || Take("||")) continue;
            if (++_terms > MaximumTerms) throw new UserQueryException($"The query may have at most {MaximumTerms} terms.");
            if (_text[_at] == '"') parts.Add(UserFilters.Match(field, Quoted(), wild: false));
            else parts.Add(UserFilters.Match(field, Word(stopAtColon: false, out var wild), wild));
        }

        _at++;
        return new UserFilter.Some(parts.ToImmutable());
    }

    private UserFilter.Between Comparison(UserField field)
    {
        var below = _text[_at++] == '<';
        var included = !AtEnd && _text[_at] == '=';
        if (included) _at++;
        var value = field.Value(Word(stopAtColon: false, out _));
        return below ? new UserFilter.Between(field, null, false, value, included) : new UserFilter.Between(field, value, included, null, false);
    }

    private UserFilter.Between Range(UserField field)
    {
        var fromIncluded = _text[_at++] == '[';
        var from = End(field);
        if (!Take("TO")) throw new UserQueryException($"A range is written as [{field.Name}:[a TO b]].");
        var to = End(field);
        SkipBlanks();
        if (AtEnd || _text[_at] is not (']' or '}')) throw new UserQueryException("A range has no closing bracket.");
        return new UserFilter.Between(field, from, fromIncluded, to, _text[_at++] == ']');
    }

    private object? End(UserField field)
    {
        SkipBlanks();
        if (!AtEnd && _text[_at] == '"') return field.Value(Quoted());
        var word = Word(stopAtColon: false, out _);
        return word == "*" ? null : field.Value(word);
    }

    private string Quoted()
    {
        var text = new StringBuilder();
        for (_at++; !AtEnd && _text[_at] != '"'; _at++)
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length) _at++;
            text.Append(_text[_at]);
        }

        if (AtEnd) throw new UserQueryException("The query has an opening quote without a closing one.");
        _at++;
        return Bounded(text);
    }

    /// <summary>A word up to a blank or a mark of the language; <c>\</c> takes the meaning from the next character.</summary>
    private string Word(bool stopAtColon, out bool wild)
    {
        wild = false;
        var text = new StringBuilder();
        for (; !AtEnd; _at++)
        {
            var c = _text[_at];
            if (char.IsWhiteSpace(c) || c is '(' or ')' or '"' or ']' or '}' || (stopAtColon && c == ':')) break;
            if (c == '\\' && _at + 1 < _text.Length) c = _text[++_at];
            else if (c is '*' or '?') wild = true;
            text.Append(c);
        }

        if (text.Length == 0) throw new UserQueryException("The query has a mark where a word should be.");
        return Bounded(text);
    }

    private static string Bounded(StringBuilder text) => text.Length <= MaximumTermLength
        ? text.ToString()
        : throw new UserQueryException($"A term may have at most {MaximumTermLength} characters.");

    private void SkipBlanks()
    {
        while (!AtEnd && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private readonly bool Sees(string word)
    {
        if (!_text[_at..].StartsWith(word, StringComparison.Ordinal)) return false;
        var end = _at + word.Length;
        return !char.IsAsciiLetter(word[0]) || end == _text.Length || char.IsWhiteSpace(_text[end]) || _text[end] == '(';
    }

    private bool Take(string word)
    {
        SkipBlanks();
        if (!Sees(word)) return false;
        _at += word.Length;
        return true;
    }

    private bool TakeMark(char mark)
    {
        if (AtEnd || _text[_at] != mark) return false;
        _at++;
        return true;
    }
}
