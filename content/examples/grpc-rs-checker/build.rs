fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=proto");
    // Runs `protoc`, then writes messages, client and server into OUT_DIR.
    let out_dir = std::env::var("OUT_DIR")?;
    grpcio_compiler::prost_codegen::compile_protos(&["proto/volumes.proto"], &["proto"], &out_dir)?;
    Ok(())
}
