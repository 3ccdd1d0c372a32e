fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Runs `protoc`, then writes messages, client and server into OUT_DIR.
    tonic_prost_build::compile_protos("proto/volumes.proto")?;
    Ok(())
}
