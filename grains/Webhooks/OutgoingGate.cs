namespace OrleansAuth.Webhooks;

/// <summary>
/// Bounds how many requests to receivers run at once in this process. Who waits, waits his turn: receivers take turns, however much
/// each has to get, and waiting is not failing. Receivers whose last request got no answer share a part of the room, so a thousand dead
/// ones, each of which holds its place until its time is over, never fill it.
/// </summary>
internal sealed class OutgoingGate(int room = OutgoingGate.UsualRoom, int forDoubtful = OutgoingGate.UsualRoom / 2)
{
    private const int UsualRoom = 256;

    private readonly Lock _gate = new();
    private readonly Line _sound = new();
    private readonly Line _doubtful = new();
    private readonly HashSet<Guid> _doubted = [];
    private int _inside;
    private int _doubtfulInside;

    /// <summary>Requests that run now.</summary>
    public int Inside
    {
        get
        {
            lock (_gate) return _inside;
        }
    }

    /// <summary>Waits for a place; whoever gets it gives it back by disposing.</summary>
    public Task<Pass> Enter(Guid receiver, CancellationToken stop)
    {
        lock (_gate)
        {
            var isDoubtful = _doubted.Contains(receiver);
            var line = isDoubtful ? _doubtful : _sound;
            if (line.IsEmpty && HasRoom(isDoubtful)) return Task.FromResult(Admit(receiver, isDoubtful));
            return line.Join(receiver, stop);
        }
    }

    private bool HasRoom(bool isDoubtful) => _inside < room && (!isDoubtful || _doubtfulInside < forDoubtful);

    private Pass Admit(Guid receiver, bool isDoubtful)
    {
        _inside++;
        if (isDoubtful) _doubtfulInside++;
        return new Pass(this, receiver, isDoubtful);
    }

    private void Leave(Pass pass)
    {
        lock (_gate)
        {
            _inside--;
            if (pass.IsDoubtful) _doubtfulInside--;
            if (pass.Answered is true && _doubted.Remove(pass.Receiver)) _doubtful.Move(pass.Receiver, _sound);
            if (pass.Answered is false && _doubted.Add(pass.Receiver)) _sound.Move(pass.Receiver, _doubtful);
            LetIn(_sound, false);
            LetIn(_doubtful, true);
        }
    }

    private void LetIn(Line line, bool isDoubtful)
    {
        while (HasRoom(isDoubtful) && line.Next() is { } waiter)
        {
            var pass = Admit(waiter.Receiver, isDoubtful);
            if (waiter.Place.TrySetResult(pass)) continue;
            // It was given up at this very moment.
            _inside--;
            if (isDoubtful) _doubtfulInside--;
        }
    }

    /// <summary>A place inside.</summary>
    internal sealed class Pass(OutgoingGate gate, Guid receiver, bool isDoubtful) : IDisposable
    {
        private int _left;

        public Guid Receiver => receiver;

        public bool IsDoubtful => isDoubtful;

        /// <summary>Whether the receiver answered something; one that does not is doubtful until it does. Null where nothing was sent.</summary>
        public bool? Answered { get; set; }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) gate.Leave(this);
        }
    }

    private sealed record Waiter(Guid Receiver, TaskCompletionSource<Pass> Place);

    /// <summary>Those who wait, by receiver; receivers in turn.</summary>
    private sealed class Line
    {
        private readonly Dictionary<Guid, Queue<Waiter>> _waiting = [];
        private readonly Queue<Guid> _turns = [];

        public bool IsEmpty => _waiting.Count == 0;

        public Task<Pass> Join(Guid receiver, CancellationToken stop)
        {
            var waiter = new Waiter(receiver, new TaskCompletionSource<Pass>(TaskCreationOptions.RunContinuationsAsynchronously));
            if (!_waiting.TryGetValue(receiver, out var own))
            {
                _waiting.Add(receiver, own = []);
                _turns.Enqueue(receiver);
            }

            own.Enqueue(waiter);
            if (!stop.CanBeCanceled) return waiter.Place.Task;
            var given = stop.UnsafeRegister(static (place, token) => ((TaskCompletionSource<Pass>)place!).TrySetCanceled(token), waiter.Place);
            _ = waiter.Place.Task.ContinueWith(static (_, registration) => ((CancellationTokenRegistration)registration!).Dispose(), given, TaskScheduler.Default);
            return waiter.Place.Task;
        }

        /// <summary>Those who wait for a receiver go on waiting in another line.</summary>
        public void Move(Guid receiver, Line to)
        {
            // Its turn here finds nobody and is passed over.
            if (!_waiting.Remove(receiver, out var own)) return;
            if (to._waiting.TryAdd(receiver, own)) to._turns.Enqueue(receiver);
            else foreach (var waiter in own) to._waiting[receiver].Enqueue(waiter);
        }

        public Waiter? Next()
        {
            while (_turns.TryDequeue(out var receiver))
            {
                if (!_waiting.TryGetValue(receiver, out var own)) continue;
                Waiter? next = null;
                while (own.TryDequeue(out var first) && (next = first).Place.Task.IsCompleted) next = null;
                if (own.Count > 0) _turns.Enqueue(receiver);
                else _waiting.Remove(receiver);
                if (next is not null) return next;
            }

            return null;
        }
    }
}
