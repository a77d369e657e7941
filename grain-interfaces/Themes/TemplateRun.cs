using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace OrleansAuth.Themes;

/// <summary>
/// One rendering, and what it may still spend. Rendering is synchronous, so the run is that of the thread.
/// </summary>
internal sealed class TemplateRun(JsonObject data, Func<string, IReadOnlyList<string>, string> message, bool escapes)
{
    /// <summary>Looks into data, items of loops, helpers: what a page needs is a few hundred.</summary>
    public const int MostSteps = 20_000;

    /// <summary>Characters.</summary>
    public const int LongestOutput = 512 * 1024;

    private static readonly TimeSpan LongestTime = TimeSpan.FromMilliseconds(500);

    [ThreadStatic]
    private static TemplateRun? _current;

    private readonly long _began = Stopwatch.GetTimestamp();
    private int _steps;

    public static TemplateRun Current => _current ?? throw new InvalidOperationException("No template is being rendered on this thread.");

    public JsonObject Data => data;

    /// <summary>Whether values are escaped for HTML.</summary>
    public bool Escapes => escapes;

    public string Message(string key, IReadOnlyList<string> arguments) => message(key, arguments);

    /// <exception cref="TemplateException">The run has used up its steps or its time.</exception>
    public static void Step()
    {
        var run = Current;
        if (++run._steps > MostSteps) throw new TemplateException($"it takes more than {MostSteps} steps");
        if ((run._steps & 63) == 0 && Stopwatch.GetElapsedTime(run._began) > LongestTime) throw new TemplateException("it takes too long");
    }

    public string Render(Action<TextWriter, object> template)
    {
        var outer = _current;
        _current = this;
        try
        {
            using var output = new BoundedWriter();
            template(output, new TemplateMap(data));
            return output.ToString();
        }
        finally
        {
            _current = outer;
        }
    }

    private sealed class BoundedWriter : StringWriter
    {
        public BoundedWriter() : base(System.Globalization.CultureInfo.InvariantCulture)
        {
        }

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            base.Write(value);
            Check();
        }

        public override void Write(string? value)
        {
            base.Write(value);
            Check();
        }

        public override void Write(char[] buffer, int index, int count)
        {
            base.Write(buffer, index, count);
            Check();
        }

        public override void Write(ReadOnlySpan<char> buffer)
        {
            base.Write(buffer);
            Check();
        }

        private void Check()
        {
            if (GetStringBuilder().Length > LongestOutput) throw new TemplateException($"it writes more than {LongestOutput} characters");
        }
    }
}

/// <summary>A template could not be rendered. The message is for the log and says why.</summary>
public sealed class TemplateException : Exception
{
    public TemplateException()
    {
    }

    public TemplateException(string message) : base(message)
    {
    }

    public TemplateException(string message, Exception inner) : base(message, inner)
    {
    }
}
