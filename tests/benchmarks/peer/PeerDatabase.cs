using System.ComponentModel.DataAnnotations.Schema;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace OrleansAuth.Benchmarks.Peer;

/// <summary>Identity's own user; the only addition says how much work the next hash is.</summary>
internal sealed class PeerUser : IdentityUser
{
    /// <summary>PBKDF2 iterations for a new hash; not stored with the user but inside the hash.</summary>
    [NotMapped]
    public int Iterations { get; set; } = Pbkdf2Hasher.DefaultIterations;
}

/// <summary>A refresh token that was handed out, by its hash.</summary>
internal sealed class PeerSession
{
    public Guid Id { get; init; }
    public required byte[] TokenHash { get; set; }
    public required string UserId { get; init; }
    public required DateTime Expires { get; set; }
}

/// <summary>Identity's schema and one table of sessions.</summary>
internal sealed class PeerDatabase(DbContextOptions<PeerDatabase> options) : IdentityDbContext<PeerUser>(options)
{
    public DbSet<PeerSession> Sessions => Set<PeerSession>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<PeerSession>().HasIndex(session => session.TokenHash).IsUnique();
        builder.Entity<PeerSession>().HasIndex(session => session.UserId);
    }
}
