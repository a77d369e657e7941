namespace OrleansAuth.Users;

public sealed class PasswordSchemeTests
{
    public static TheoryData<string> Names => [.. PasswordSchemes.BuiltIn.All.Select(s => s.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Hashes_that_other_programs_made_come_out_the_same(string name)
    {
        var scheme = PasswordSchemes.BuiltIn.Find(name)!;
        var vectors = PasswordVectors.All.Where(v => v.Scheme == name).ToList();
        Assert.True(vectors.Count >= 8);
        foreach (var vector in vectors)
        {
            Assert.Equal(PasswordHashFault.None, scheme.Check(vector.Salt, vector.Hash, Math.Max(vector.Factor, scheme.Factors.Lowest)));
            Assert.Equal(vector.Hash, scheme.Hash(vector.Password, vector.Salt, vector.Factor));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_new_hash_passes_its_own_check_and_depends_on_password_and_salt(string name)
    {
        var scheme = PasswordSchemes.BuiltIn.Find(name)!;
        var factor = Math.Max(4, scheme.Factors.Lowest);
        var (salt, other) = (scheme.NewSalt(), scheme.NewSalt());
        var hash = scheme.Hash("pässword", salt, factor);

        Assert.Equal(PasswordHashFault.None, scheme.Check(salt, hash, factor));
        Assert.Equal(hash, scheme.Hash("pässword", salt, factor));
        Assert.NotEqual(salt, other);
        Assert.NotEqual(hash, scheme.Hash("pässword", other, factor));
        Assert.NotEqual(hash, scheme.Hash("passwörd", salt, factor));
        Assert.True(scheme.Factors.Has(scheme.DefaultFactor));
    }

    [Fact]
    public void There_are_nine_schemes_and_one_has_two_spellings()
    {
        Assert.Equal(9, PasswordSchemes.BuiltIn.All.Select(s => s.Name).Distinct().Count());
        Assert.Same(PhpassScheme.Sha512, PasswordSchemes.BuiltIn.Find("phppass-sha512"));
        Assert.Null(PasswordSchemes.BuiltIn.Find("SALTED-MD5"));
        Assert.Null(PasswordSchemes.BuiltIn.Find(null));
    }

    [Theory, MemberData(nameof(Names))]
    public void An_import_with_a_damaged_part_names_that_part(string name)
    {
        var scheme = PasswordSchemes.BuiltIn.Find(name)!;
        var vector = PasswordVectors.All.First(v => v.Scheme == name && scheme.Factors.Has(v.Factor));
        var check = (string? salt, string? hash, int factor) => PasswordSchemes.BuiltIn.Check(name, salt, hash, factor);

        Assert.Equal(PasswordHashFault.Salt, check(null, vector.Hash, vector.Factor));
        Assert.Equal(PasswordHashFault.Salt, check("", vector.Hash, vector.Factor));
        Assert.Equal(PasswordHashFault.Salt, check(vector.Salt[1..], vector.Hash, vector.Factor));
        Assert.Equal(PasswordHashFault.Salt, check("é" + vector.Salt[1..], vector.Hash, vector.Factor));
        Assert.Equal(PasswordHashFault.Hash, check(vector.Salt, null, vector.Factor));
        Assert.Equal(PasswordHashFault.Hash, check(vector.Salt, vector.Hash[1..], vector.Factor));
        Assert.Equal(PasswordHashFault.Hash, check(vector.Salt, "$" + vector.Hash[1..], vector.Factor));
        Assert.Equal(PasswordHashFault.Hash, check(vector.Salt, vector.Hash + vector.Hash, vector.Factor));
        if (name != "salted-hmac-sha256")
        {
            Assert.Equal(PasswordHashFault.Factor, check(vector.Salt, vector.Hash, -1));
            Assert.Equal(PasswordHashFault.Factor, check(vector.Salt, vector.Hash, int.MaxValue));
        }
    }

    [Fact]
    public void An_unknown_scheme_is_named_as_the_fault() =>
        Assert.Equal(PasswordHashFault.Scheme, PasswordSchemes.BuiltIn.Check("rot13", "AAAA", "AAAA", 1));

    [Fact]
    public void Bcrypt_reads_72_bytes_and_salts_with_stray_bits()
    {
        var bcrypt = new BcryptScheme();
        var salt = bcrypt.NewSalt();
        Assert.Equal(bcrypt.Hash(new string('a', 72), salt, 4), bcrypt.Hash(new string('a', 90), salt, 4));
        Assert.NotEqual(bcrypt.Hash(new string('a', 71), salt, 4), bcrypt.Hash(new string('a', 72), salt, 4));

        // Only two bits of a salt's last character count.
        Assert.Equal(bcrypt.Hash("p", salt[..21] + ".", 4), bcrypt.Hash("p", salt[..21] + "C", 4));
    }

    [Fact]
    public void The_digits_of_pi_are_those_of_pi()
    {
        var words = PiDigits.Fraction(1042);
        Assert.Equal([0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u], words[..4]);
        Assert.Equal([0xb74e6132u, 0xce77e25bu, 0x578fdfe3u, 0x3ac372e6u], words[^4..]);
    }

    [Fact]
    public void A_hash_never_shows_in_text() =>
        Assert.DoesNotContain("c2VjcmV0", new PasswordHash("salted-md5", "c2VjcmV0", "c2VjcmV0", 1).ToString(), StringComparison.Ordinal);
}
